# SPDX-License-Identifier: Apache-2.0
"""What a program written with `litellm` does by OpenAI's dialect, against the server at OLLAMA_HOST. Arguments: a model that
generates, one that thinks and then calls get_weather for Paris whatever it is asked, and (optional) one that embeds."""
import asyncio
import json
import os
import sys

os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"
import litellm

text, caller, *embedder = sys.argv[1:]
litellm.telemetry = False
server = {"api_base": os.environ["OLLAMA_HOST"] + "/v1", "api_key": "none", "max_retries": 0, "timeout": 120}
hello = [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Hello"}]


def name(model):
    return "openai/" + model


whole = litellm.completion(model=name(text), messages=hello, max_tokens=8, temperature=0, seed=1, **server)
assert whole.choices[0].message.content and whole.usage.completion_tokens <= 8, whole
streaming = {"stream": True, "stream_options": {"include_usage": True}}
pieces = list(litellm.completion(model=name(text), messages=hello, max_tokens=8, **streaming, **server))
assert "".join(p.choices[0].delta.content or "" for p in pieces if p.choices), pieces
assert any(getattr(p, "usage", None) for p in pieces), pieces
assert litellm.text_completion(model="text-completion-openai/" + text, prompt="Once upon a", max_tokens=4, **server).choices[0].text

schema = {"type": "object", "properties": {"name": {"enum": ["Paris", "Rome"]}}, "required": ["name"], "additionalProperties": False}
form = {"type": "json_schema", "json_schema": {"name": "city", "strict": True, "schema": schema}}
formed = litellm.completion(model=name(text), messages=hello, response_format=form, **server)
assert json.loads(formed.choices[0].message.content)["name"] in ("Paris", "Rome"), formed

parameters = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}
tools = [{"type": "function", "function": {"name": "get_weather", "parameters": parameters}}]
question = [{"role": "user", "content": "What is it like in Paris?"}]
called = litellm.completion(model=name(caller), messages=question, tools=tools, **server).choices[0]
assert called.finish_reason == "tool_calls", called
call = called.message.tool_calls[0]
assert (call.function.name, json.loads(call.function.arguments)) == ("get_weather", {"city": "Paris"}), call
streamed = list(litellm.completion(model=name(caller), messages=question, tools=tools, stream=True, **server))
built = litellm.stream_chunk_builder(streamed).choices[0].message.tool_calls
assert [json.loads(c.function.arguments) for c in built] == [{"city": "Paris"}], built
result = {"role": "tool", "tool_call_id": call.id, "content": "sunny"}
assert litellm.completion(model=name(caller), messages=[*question, called.message, result], tools=tools, **server).usage

if embedder:
    for encoding in ("float", "base64"):
        made = litellm.embedding(model=name(embedder[0]), input=["a", "b"], encoding_format=encoding, **server)
        assert len(made.data) == 2, made


async def leaves():
    async for _ in await litellm.acompletion(model=name(text), messages=hello, stream=True, **server):
        break
    return await litellm.acompletion(model=name(text), messages=hello, max_tokens=4, **server)


assert asyncio.run(leaves()).choices
for kind, wrong in ((litellm.NotFoundError, {"model": name("absent")}), (litellm.BadRequestError, {"temperature": "hot"})):
    try:
        litellm.completion(**{"model": name(text), "messages": hello, **wrong}, **server)
        raise AssertionError("no error")
    except kind:
        pass
print("every call is as it should be")
