# SPDX-License-Identifier: Apache-2.0
"""What a program written with `pydantic-ai` does by chat completions, against the server at OLLAMA_HOST. Arguments: a model that
generates, one that thinks and then calls get_weather for Paris whatever it is asked, and (optional) one that embeds."""
import asyncio
import os
import sys
from typing import Literal

import openai
from pydantic import BaseModel
from pydantic_ai import Agent, BinaryContent, NativeOutput, ToolOutput, UsageLimits
from pydantic_ai.exceptions import ModelHTTPError, UsageLimitExceeded
from pydantic_ai.models.openai import OpenAIChatModel
from pydantic_ai.providers.openai import OpenAIProvider

text, caller, *_ = sys.argv[1:]
client = openai.AsyncOpenAI(base_url=os.environ["OLLAMA_HOST"] + "/v1", api_key="none", max_retries=0, timeout=120)
provider = OpenAIProvider(openai_client=client)
short = {"temperature": 0, "max_tokens": 8}


def model(name):
    return OpenAIChatModel(name, provider=provider)


class City(BaseModel):
    name: Literal["Paris", "Rome"]
    coast: bool


class Weather(BaseModel):
    city: str


async def main():
    agent = Agent(model(text), instructions="Be brief.", model_settings=short)
    whole = await agent.run("Name a colour.")
    assert whole.output and whole.usage.output_tokens <= 8, whole
    again = await agent.run("Another one?", message_history=whole.all_messages())
    assert again.output
    async with agent.run_stream("Name a colour.") as streamed:
        pieces = [piece async for piece in streamed.stream_text(delta=True, debounce_by=None)]
    assert "".join(pieces) and streamed.usage.output_tokens, pieces

    formed = await Agent(model(text), output_type=NativeOutput(City)).run("Tell me about a city.")
    assert isinstance(formed.output, City), formed

    # A call of a tool is the output itself.
    by_call = Agent(model(caller), output_type=ToolOutput(Weather, name="get_weather"))
    assert (await by_call.run("What is it like in Paris?")).output.city == "Paris"
    async with by_call.run_stream("What is it like in Paris?") as streamed:
        assert (await streamed.get_output()).city == "Paris"

    # The model calls for ever, so the run has a bound.
    told = []
    forever = Agent(model(caller))

    @forever.tool_plain
    def get_weather(city: str) -> str:
        """Tells what it is like."""
        told.append(city)
        return "sunny in " + city

    try:
        await forever.run("What is it like in Paris?", usage_limits=UsageLimits(request_limit=2))
        raise AssertionError("it has ended")
    except UsageLimitExceeded:
        assert told == ["Paris", "Paris"], told

    async with Agent(model(text)).run_stream("Tell me a long story.") as streamed:
        async for _ in streamed.stream_text(delta=True):
            break
    for status, wanted, ask in (
        (404, "absent", Agent(model("absent")).run("Hello")),
        (400, "image", agent.run(["What is this?", BinaryContent(data=PIXEL, media_type="image/png")])),
    ):
        try:
            await ask
            raise AssertionError("no error")
        except ModelHTTPError as e:
            assert e.status_code == status and wanted in str(e.body), e


PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010804000000b51c0c020000000b4944415478da6364600000000600023081d02f0000000049454e44ae426082"
)
asyncio.run(asyncio.wait_for(main(), 200))
print("every call is as it should be")
