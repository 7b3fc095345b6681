# SPDX-License-Identifier: Apache-2.0
"""Answers and events of the server at OLLAMA_HOST by the types of the Open Responses specification, in the cases of its compliance
tests: text, a stream, a system turn, a call, a stream of one, several turns; further a cut answer and a compaction. Arguments: a model
that thinks and talks, and one that calls a tool. Fails with the first thing that is not as it should be."""
import enum
import json
import os
import sys
import typing
import urllib.request

from openresponses_types import types

talker, caller = sys.argv[1:]
kinds = {}
for name in dir(types):
    made = getattr(types, name)
    if name.endswith("StreamingEvent") and hasattr(made, "model_fields"):
        named = made.model_fields["type"].annotation
        values = list(named) if isinstance(named, type) and issubclass(named, enum.Enum) else typing.get_args(named)
        kinds.update({getattr(value, "value", value): made for value in values})


def post(path, body):
    request = urllib.request.Request(
        os.environ["OLLAMA_HOST"] + path, json.dumps(body).encode(), {"Content-Type": "application/json"}
    )
    return urllib.request.urlopen(request, timeout=120).read().decode()


def judged(model, turns, status="completed", **more):
    body = {"model": model, "input": [{"type": "message"} | turn for turn in turns]} | more
    answer = json.loads(post("/v1/responses", body))
    types.ResponseResource.model_validate(answer)
    assert answer["status"] == status and answer["output"], answer
    events = [json.loads(e.split("\ndata: ")[1]) for e in post("/v1/responses", body | {"stream": True}).strip().split("\n\n")]
    for event in events:
        kinds[event["type"]].model_validate(event)
    assert events[-1]["response"]["status"] == status, events[-1]
    return [item["type"] for item in answer["output"]], [event["type"] for event in events]


user = {"role": "user", "content": "Say hello in exactly 3 words."}
parameters = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}
tool = {"type": "function", "name": "get_weather", "description": "The weather.", "parameters": parameters}

judged(talker, [user])
judged(talker, [{"role": "system", "content": "You are a pirate."}, user])
judged(talker, [user, {"role": "assistant", "content": "Hello Alice!"}, user], reasoning={"effort": "low"}, metadata={"a": "b"})
judged(talker, [user], status="incomplete", max_output_tokens=2)
items, events = judged(caller, [user], tools=[tool])
assert "function_call" in items, items
assert {"response.function_call_arguments.delta", "response.function_call_arguments.done"} <= set(events), events

print("every call is as it should be")
