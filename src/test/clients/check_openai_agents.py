# SPDX-License-Identifier: Apache-2.0
"""What a program written with OpenAI's Agents SDK (`openai-agents`) does by chat completions, against the server at OLLAMA_HOST.
Arguments: a model that generates, and one that thinks and then calls get_weather for Paris whatever it is asked."""
import asyncio
import os
import sys
from typing import Literal

import openai
from agents import Agent, ModelSettings, OpenAIChatCompletionsModel, RunConfig, Runner, function_tool
from agents.exceptions import MaxTurnsExceeded
from pydantic import BaseModel

text, caller = sys.argv[1:3]
client = openai.AsyncOpenAI(base_url=os.environ["OLLAMA_HOST"] + "/v1", api_key="none", max_retries=0, timeout=120)
quiet = RunConfig(tracing_disabled=True)


def model(name):
    return OpenAIChatCompletionsModel(model=name, openai_client=client)


@function_tool
def get_weather(city: str) -> str:
    """Tells what it is like."""
    return "sunny in " + city


class City(BaseModel):
    name: Literal["Paris", "Rome"]
    coast: bool


async def main():
    short = ModelSettings(temperature=0, max_tokens=8)
    plain = Agent(name="plain", instructions="Be brief.", model=model(text), model_settings=short)
    whole = await Runner.run(plain, "Name a colour.", run_config=quiet)
    assert whole.final_output, whole
    assert whole.raw_responses[0].usage.output_tokens <= 8, whole.raw_responses
    streamed = Runner.run_streamed(plain, "Name a colour.", run_config=quiet)
    kinds = [e.data.type async for e in streamed.stream_events() if e.type == "raw_response_event"]
    assert "response.output_text.delta" in kinds and kinds[-1] == "response.completed", kinds
    assert streamed.final_output

    formed = await Runner.run(Agent(name="form", model=model(text), output_type=City), "A city?", run_config=quiet)
    assert isinstance(formed.final_output, City), formed

    # The model calls for ever, so its first result is the answer; without that, the run has a bound.
    once = Agent(name="once", model=model(caller), tools=[get_weather], tool_use_behavior="stop_on_first_tool")
    assert (await Runner.run(once, "What is it like in Paris?", run_config=quiet)).final_output == "sunny in Paris"
    streamed = Runner.run_streamed(once, "What is it like in Paris?", run_config=quiet)
    async for _ in streamed.stream_events():
        pass
    assert streamed.final_output == "sunny in Paris", streamed
    forever = Agent(name="forever", model=model(caller), tools=[get_weather])
    try:
        await Runner.run(forever, "What is it like in Paris?", max_turns=2, run_config=quiet)
        raise AssertionError("it has ended")
    except MaxTurnsExceeded:
        pass

    # Leaving in the midst ends the answer; the next request is served.
    endless = Runner.run_streamed(Agent(name="endless", model=model(text)), "Tell me a long story.", run_config=quiet)
    async for event in endless.stream_events():
        if event.type == "raw_response_event" and event.data.type == "response.output_text.delta":
            endless.cancel()
    try:
        await Runner.run(Agent(name="absent", model=model("absent")), "Hello", run_config=quiet)
        raise AssertionError("no error")
    except openai.NotFoundError as e:
        assert "absent" in e.message, e


asyncio.run(asyncio.wait_for(main(), 200))
print("every call is as it should be")
