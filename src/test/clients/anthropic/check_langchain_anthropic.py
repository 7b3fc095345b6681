# SPDX-License-Identifier: Apache-2.0
"""What a program written with `langchain-anthropic` does, against the server at OLLAMA_HOST with the models named on the command line:
one that generates, and one that thinks and then calls get_weather for Paris whatever it is asked. Fails with the first thing that is not
as it should be."""
import os
import sys

import anthropic
from langchain_anthropic import ChatAnthropic
from langchain_core.messages import HumanMessage, SystemMessage, ToolMessage
from langchain_core.tools import tool

text, caller = sys.argv[1:]


def chat(model, **more):
    return ChatAnthropic(model=model, base_url=os.environ["OLLAMA_HOST"], api_key="none", max_retries=0, timeout=120, **more)


@tool
def get_weather(city: str) -> str:
    """The weather in a city."""
    return "sunny in " + city


hello = [SystemMessage("Be brief."), HumanMessage("Hello")]
speaker = chat(text, max_tokens=8, temperature=0)
whole = speaker.invoke(hello)
assert whole.text and whole.usage_metadata["output_tokens"] <= 8, whole
assert whole.response_metadata["stop_reason"] in ("end_turn", "max_tokens"), whole
pieces = list(speaker.stream(hello))
assert "".join(piece.text for piece in pieces) == whole.text and len(pieces) > 1, pieces
assert speaker.get_num_tokens_from_messages(hello) == whole.usage_metadata["input_tokens"], whole.usage_metadata

thinker = chat(caller, max_tokens=2000, thinking={"type": "enabled", "budget_tokens": 1024}).bind_tools([get_weather])
question = HumanMessage("What is it like in Paris?")
called = thinker.invoke([question])
assert [(c["name"], c["args"]) for c in called.tool_calls] == [("get_weather", {"city": "Paris"})], called
assert any(block["type"] == "thinking" and block["signature"] for block in called.content), called
streamed = None
for piece in thinker.stream([question]):
    streamed = piece if streamed is None else streamed + piece
assert streamed.tool_calls[0]["args"] == {"city": "Paris"}, streamed
result = ToolMessage(get_weather.invoke(called.tool_calls[0]["args"]), tool_call_id=called.tool_calls[0]["id"])
assert thinker.invoke([question, called, result]).usage_metadata["output_tokens"]
forced = chat(caller, max_tokens=2000).bind_tools([get_weather], tool_choice="get_weather").invoke([question])
assert forced.tool_calls[0]["name"] == "get_weather", forced

try:
    chat("nosuch", max_tokens=1).invoke(hello)
    raise AssertionError("no error")
except anthropic.NotFoundError as e:
    assert "nosuch" in str(e)
print("every call is as it should be")
