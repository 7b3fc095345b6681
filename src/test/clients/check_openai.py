# SPDX-License-Identifier: Apache-2.0
"""What a program written with the `openai` package does, against the server at OLLAMA_HOST with the models named on the
command line: one that generates, one that thinks and then calls get_weather for Paris whatever it is asked, and (optional) one
that embeds. Fails with the first thing that is not as it should be."""
import json
import os
import sys

import openai

text, caller, *embedder = sys.argv[1:]
client = openai.OpenAI(base_url=os.environ["OLLAMA_HOST"] + "/v1", api_key="none", max_retries=0, timeout=120)
hello = [{"role": "system", "content": "Be brief."}, {"role": "user", "content": [{"type": "text", "text": "Hello"}]}]

assert text in [m.id for m in client.models.list()]
assert client.models.retrieve(text).owned_by == "library"

whole = client.chat.completions.create(model=text, messages=hello, max_completion_tokens=8, temperature=0, seed=1)
assert whole.choices[0].message.content and whole.usage.completion_tokens <= 8, whole
assert whole.usage.prompt_tokens_details.cached_tokens >= 0
pieces = list(
    client.chat.completions.create(
        model=text, messages=hello, max_tokens=8, stream=True, stream_options={"include_usage": True}
    )
)
assert pieces[0].choices[0].delta.role == "assistant" and not pieces[-1].choices and pieces[-1].usage.completion_tokens
assert "".join(p.choices[0].delta.content or "" for p in pieces[:-1]) and pieces[-2].choices[0].finish_reason

schema = {"type": "object", "properties": {"name": {"enum": ["Paris", "Rome"]}}, "required": ["name"]}
form = {"type": "json_schema", "json_schema": {"name": "city", "strict": True, "schema": schema}}
formed = client.chat.completions.create(model=text, messages=hello, response_format=form)
assert json.loads(formed.choices[0].message.content)["name"] in ("Paris", "Rome"), formed

parameters = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}
tools = [{"type": "function", "function": {"name": "get_weather", "parameters": parameters}}]
question = {"role": "user", "content": "What is it like in Paris?"}
called = client.chat.completions.create(model=caller, messages=[question], tools=tools).choices[0]
assert called.finish_reason == "tool_calls" and "weather" in called.message.reasoning, called
call = called.message.tool_calls[0]
assert (call.function.name, json.loads(call.function.arguments)) == ("get_weather", {"city": "Paris"})
streamed = list(client.chat.completions.create(model=caller, messages=[question], tools=tools, stream=True))
calls = [c for p in streamed for c in p.choices[0].delta.tool_calls or []]
assert [c.function.name for c in calls] == ["get_weather"] and streamed[-1].choices[0].finish_reason == "tool_calls"
answer = {"role": "assistant", "tool_calls": [call.model_dump()]}
result = {"role": "tool", "tool_call_id": call.id, "content": "sunny"}
assert client.chat.completions.create(model=caller, messages=[question, answer, result], tools=tools).usage

completion = client.completions.create(model=text, prompt="Once upon a", max_tokens=4)
assert completion.choices[0].text and completion.choices[0].finish_reason == "length"
assert len(list(client.completions.create(model=text, prompt="Once upon a", max_tokens=4, stream=True))) > 1

if embedder:
    # The package asks for base64 by itself and makes numbers of it.
    for vector in client.embeddings.create(model=embedder[0], input=["a", "b"]).data:
        assert abs(sum(x * x for x in vector.embedding) - 1) < 1e-4
    assert len(client.embeddings.create(model=embedder[0], input="a", dimensions=3).data[0].embedding) == 3


def refused(kind, call):
    try:
        call()
    except kind as e:
        return e
    raise AssertionError("no error")


missing = refused(openai.NotFoundError, lambda: client.chat.completions.create(model="nosuch", messages=hello))
assert missing.type == "not_found_error" and "nosuch" in missing.message
several = client.chat.completions.create(model=text, messages=hello, max_tokens=4, n=3)
assert [choice.index for choice in several.choices] == [0, 1, 2], several
wrong = refused(openai.BadRequestError, lambda: client.chat.completions.create(model=text, messages=hello, n=1_000_000))
assert wrong.param == "n" and wrong.code == "invalid_value", wrong
print("every call is as it should be")
