# SPDX-License-Identifier: Apache-2.0
"""What a program written with the `anthropic` package does, against the server at OLLAMA_HOST with the models named on the command
line: one that generates, and one that thinks and then calls get_weather for Paris whatever it is asked. Fails with the first thing that
is not as it should be."""
import json
import os
import sys

import anthropic

text, caller = sys.argv[1:]
client = anthropic.Anthropic(base_url=os.environ["OLLAMA_HOST"], api_key="none", max_retries=0, timeout=120)
hello = [{"role": "user", "content": [{"type": "text", "text": "Hello", "cache_control": {"type": "ephemeral"}}]}]
firm = {"temperature": 0, "top_k": 1}
brief = [{"type": "text", "text": "Be brief.", "cache_control": {"type": "ephemeral"}}]

whole = client.messages.create(model=text, max_tokens=8, system=brief, messages=hello, extra_body=firm)
assert whole.content[0].type == "text" and whole.content[0].text and whole.role == "assistant", whole
assert whole.stop_reason in ("end_turn", "max_tokens") and 0 < whole.usage.output_tokens <= 8, whole
assert whole._request_id.startswith("req_")
counted = client.messages.count_tokens(model=text, system=brief, messages=hello).input_tokens
read = whole.usage.input_tokens + whole.usage.cache_read_input_tokens + whole.usage.cache_creation_input_tokens
assert counted == read, (counted, whole.usage)

with client.messages.stream(model=text, max_tokens=8, system="Be brief.", messages=hello, extra_body=firm) as stream:
    kinds = [event.type for event in stream]
    final = stream.get_final_message()
assert kinds[0] == "message_start" and kinds[-1] == "message_stop" and "text" in kinds, kinds
assert final.content[0].text == whole.content[0].text and final.stop_reason == whole.stop_reason, (final, whole)

word = whole.content[0].text.split()[-1]
stopped = client.messages.create(
    model=text, max_tokens=8, system=brief, messages=hello, extra_body=firm, stop_sequences=[word, "never said"]
)
assert (stopped.stop_reason, stopped.stop_sequence) == ("stop_sequence", word), stopped

schema = {"type": "object", "properties": {"name": {"enum": ["Paris", "Rome"]}}, "required": ["name"]}
formed = client.messages.create(
    model=text, max_tokens=99, messages=hello, extra_body={"output_config": {"format": {"type": "json_schema", "schema": schema}}}
)
assert json.loads(formed.content[0].text)["name"] in ("Paris", "Rome"), formed

tools = [{"name": "get_weather", "input_schema": {"type": "object", "properties": {"city": {"type": "string"}}}}]
question = {"role": "user", "content": "What is it like in Paris?"}
thinking = {"type": "enabled", "budget_tokens": 1024}
called = client.messages.create(model=caller, max_tokens=2000, messages=[question], tools=tools, thinking=thinking)
assert [block.type for block in called.content] == ["thinking", "tool_use"], called
thought, call = called.content
assert "weather" in thought.thinking and thought.signature and called.stop_reason == "tool_use", called
assert (call.name, call.input) == ("get_weather", {"city": "Paris"}), call
with client.messages.stream(model=caller, max_tokens=2000, messages=[question], tools=tools, thinking=thinking) as stream:
    streamed = stream.get_final_message()
assert streamed.content[1].input == call.input and streamed.content[0] == thought, streamed
for choice in ({"type": "any"}, {"type": "tool", "name": "get_weather", "disable_parallel_tool_use": True}):
    forced = client.messages.create(model=caller, max_tokens=2000, messages=[question], tools=tools, tool_choice=choice)
    assert forced.stop_reason == "tool_use" and forced.content[-1].input == {"city": "Paris"}, forced
parts = [{"type": "text", "text": "no such city"}]
result = {"role": "user", "content": [{"type": "tool_result", "tool_use_id": call.id, "is_error": True, "content": parts}]}
turns = [question, {"role": "assistant", "content": called.content}, result]
assert client.messages.create(model=caller, max_tokens=2000, messages=turns, tools=tools).usage.output_tokens
assert client.messages.count_tokens(model=caller, messages=turns, tools=tools).input_tokens > 50


def cached(agent, billing):
    """The share of a second turn that is found in the cache, where the first line of the system text and the order of tools differ."""
    system = [{"type": "text", "text": f"x-anthropic-billing-header: cch={billing};"}, {"type": "text", "text": "Be kind. " * 150}]
    more = [{"name": name, "input_schema": {"type": "object"}} for name in ("alpha", "beta")]
    usages = []
    for number, (line, offered) in enumerate(((system, more), ([{**system[0], "text": system[0]["text"] + "2"}, system[1]], more[::-1]))):
        answer = client.messages.create(
            model=caller, max_tokens=1, system=line, tools=offered, messages=[question] * (number + 1), extra_headers={"User-Agent": agent}
        )
        usages.append(answer.usage)
    last = usages[-1]
    return last.cache_read_input_tokens / (last.cache_read_input_tokens + last.input_tokens)


assert cached("claude-cli/2.1.197 (external, cli)", "a") >= 0.95
assert cached("some-program/1.0", "b") < 0.95


def refused(kind, call):
    try:
        call()
    except kind as e:
        return e
    raise AssertionError("no error")


missing = refused(anthropic.NotFoundError, lambda: client.messages.create(model="nosuch", max_tokens=1, messages=hello))
assert missing.body["error"]["type"] == "not_found_error" and missing.request_id == missing.body["request_id"], missing.body
picture = {"type": "image", "source": {"type": "url", "url": "http://127.0.0.1:9/x.png"}}
for content in ([picture], [{"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "aGk="}}]):
    turn = [{"role": "user", "content": content}]
    wrong = refused(anthropic.BadRequestError, lambda: client.messages.create(model=text, max_tokens=1, messages=turn))
    assert wrong.body["error"]["type"] == "invalid_request_error" and "image" in wrong.body["error"]["message"], wrong.body

with client.messages.stream(model=text, max_tokens=2000, messages=hello) as left:
    next(iter(left))
assert client.messages.create(model=text, max_tokens=1, messages=hello).usage.output_tokens == 1
print("every call is as it should be")
