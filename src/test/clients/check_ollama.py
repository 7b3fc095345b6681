# SPDX-License-Identifier: Apache-2.0
"""What a program written with the `ollama` package does, against the server at OLLAMA_HOST with the models named on the
command line: one that generates, one that thinks and then calls get_weather for Paris whatever it is asked, and (optional) one
that embeds. Fails with the first thing that is not as it should be."""
import json
import sys

import ollama

text, caller, *embedder = sys.argv[1:]


def error(status, call):
    try:
        call()
    except ollama.ResponseError as e:
        assert e.status_code == status, (e.status_code, e.error)
        return e.error
    raise AssertionError("no error")


assert text in [m.model for m in ollama.list().models]
assert ollama.show(text).details.format == "gguf"
assert "completion" in ollama.show(text).capabilities

options = {"num_predict": 8, "temperature": 0}
whole = ollama.generate(model=text, prompt="Name a colour.", options=options)
assert whole.done and whole.response and whole.eval_count <= 8 and whole.context
pieces = list(ollama.generate(model=text, prompt="Name a colour.", options=options, stream=True))
assert "".join(p.response for p in pieces) and len(pieces) > 1
assert pieces[-1].done and not pieces[0].done

messages = [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Hello"}]
answer = ollama.chat(model=text, messages=messages, options=options)
assert answer.message.role == "assistant" and answer.message.content
assert text in [m.model for m in ollama.ps().models]
streamed = list(ollama.chat(model=text, messages=messages, options=options, stream=True))
assert "".join(p.message.content for p in streamed) and len(streamed) > 1
# Compared with the model that always says the same: a real one's answer may depend on what is in its cache.
said = ollama.chat(model=caller, messages=messages).message.content
assert said and "".join(p.message.content for p in ollama.chat(model=caller, messages=messages, stream=True)) == said

schema = {
    "type": "object",
    "properties": {"name": {"enum": ["Paris", "Rome"]}, "size": {"type": "number", "minimum": 1, "maximum": 9.5}},
    "required": ["name", "size"],
    "additionalProperties": False,
}
formed = json.loads(ollama.chat(model=text, messages=messages, format=schema).message.content)
assert formed["name"] in ("Paris", "Rome") and 1 <= formed["size"] <= 9.5, formed

assert list(ollama.create(model="pirate", from_=text, system="Talk like a pirate.", stream=True))[-1].status == "success"
assert "pirate" in ollama.show("pirate").modelfile


def get_weather(city: str) -> str:
    """
    Tells the weather.

    Args:
      city: where
    """
    return "sunny in " + city


assert "does not support tools" in error(400, lambda: ollama.chat(model=text, messages=messages, tools=[get_weather]))
template = (
    "{{ if .Tools }}Tools: {{ .Tools }}\n{{ end }}{{ range .Messages }}{{ .Role }}: {{ .Content }}"
    '{{ if .ToolCalls }}<call>{{ range .ToolCalls }}{"name": "{{ .Function.Name }}"}{{ end }}{{ end }}\n{{ end }}assistant:'
)
ollama.create(model="tooled", from_=text, template=template)
assert "tools" in ollama.show("tooled").capabilities
assert ollama.chat(model="tooled", messages=messages, tools=[get_weather], options=options).done

question = {"role": "user", "content": "What is it like in Paris?"}
called = ollama.chat(model=caller, messages=[question], tools=[get_weather], think=True).message
assert [(c.function.name, c.function.arguments) for c in called.tool_calls] == [("get_weather", {"city": "Paris"})], called
assert "weather" in called.thinking, called
parts = [p.message for p in ollama.chat(model=caller, messages=[question], tools=[get_weather], think=True, stream=True)]
assert sum(len(p.tool_calls or []) for p in parts) == 1 and "".join(p.thinking or "" for p in parts) == called.thinking
result = {"role": "tool", "content": get_weather("Paris"), "tool_name": "get_weather"}
assert ollama.chat(model=caller, messages=[question, called, result], tools=[get_weather]).done

if embedder:
    vectors = ollama.embed(model=embedder[0], input=["a", "b"]).embeddings
    assert len(vectors) == 2 and abs(sum(x * x for x in vectors[0]) - 1) < 1e-4

ollama.copy("pirate", "corsair")
for name in ("pirate", "corsair", "tooled"):
    assert ollama.delete(name).status == "success"
assert "not found" in error(404, lambda: ollama.chat(model="pirate", messages=messages))
assert "num_ctx" in error(400, lambda: ollama.generate(model=text, prompt="a", options={"num_ctx": "many"}))
print("every call is as it should be")
