# SPDX-License-Identifier: Apache-2.0
"""What a program written with the `openai` package does with the Responses API, against the server at OLLAMA_HOST with the models
named on the command line: one that generates, and one that thinks and then calls get_weather for Paris whatever it is asked. Fails
with the first thing that is not as it should be."""
import os
import sys
import typing

import openai
import pydantic

text, caller, *_ = sys.argv[1:]
client = openai.OpenAI(base_url=os.environ["OLLAMA_HOST"] + "/v1", api_key="none", max_retries=0, timeout=120)
city = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"], "additionalProperties": False}
weather = {"type": "function", "name": "get_weather", "description": "Weather.", "strict": True, "parameters": city}
custom = {"type": "custom", "name": "run", "format": {"type": "grammar", "syntax": "lark", "definition": "start: /.+/"}}


class City(pydantic.BaseModel):
    name: typing.Literal["Paris", "Rome"]


whole = client.responses.create(model=text, instructions="Be brief.", input="Hello", max_output_tokens=8)
assert whole.output_text and whole.usage.output_tokens <= 8 and whole.usage.input_tokens_details.cached_tokens >= 0, whole
assert whole.status in ("completed", "incomplete") and whole.instructions == "Be brief."
cut = client.responses.create(model=text, input="Tell a long story.", max_output_tokens=2)
assert cut.status == "incomplete" and cut.incomplete_details.reason == "max_output_tokens", cut

turn = [{"role": "developer", "content": "Be brief."}, {"role": "user", "content": [{"type": "input_text", "text": "Hi"}]}]
with client.responses.stream(model=text, input=turn, max_output_tokens=8, temperature=0) as stream:
    events = list(stream)
    said = "".join(e.delta for e in events if e.type == "response.output_text.delta")
    assert said and [e.text for e in events if e.type == "response.output_text.done"] == [said], events
raw = list(client.responses.create(model=text, input=turn, max_output_tokens=8, stream=True))
assert [e.sequence_number for e in raw] == list(range(len(raw))) and raw[0].type == "response.created", raw
assert raw[-1].type in ("response.completed", "response.incomplete") and raw[-1].response.output_text

assert client.responses.parse(model=text, input="A city.", text_format=City).output_parsed.name in ("Paris", "Rome")
likely = client.responses.create(model=text, input="Hi", max_output_tokens=2, include=["message.output_text.logprobs"], top_logprobs=2)
assert len(likely.output[0].content[0].logprobs[0].top_logprobs) == 2, likely

question = [{"role": "user", "content": "What is it like in Paris?"}]
called = client.responses.create(model=caller, input=question, tools=[weather, custom], store=False)
reasoning, call = called.output
assert reasoning.type == "reasoning" and "weather" in reasoning.summary[0].text and reasoning.encrypted_content, called
assert (call.type, call.name, call.arguments) == ("function_call", "get_weather", '{"city":"Paris"}'), call
assert 0 < called.usage.output_tokens_details.reasoning_tokens < called.usage.output_tokens, called.usage
with client.responses.stream(model=caller, input=question, tools=[weather]) as stream:
    kinds = [e.type for e in stream]
    assert "response.function_call_arguments.done" in kinds and "response.reasoning_summary_text.delta" in kinds, kinds
    assert stream.get_final_response().output[1].arguments == '{"city":"Paris"}'
result = {"type": "function_call_output", "call_id": call.call_id, "output": "sunny"}
history = question + [item.to_dict() for item in called.output] + [result]
assert client.responses.create(model=caller, input=history, tools=[weather], tool_choice="none").output


def refused(kind, **wrong):
    try:
        client.responses.create(**({"model": text, "input": "Hi"} | wrong))
    except kind as e:
        return e
    raise AssertionError("no error")


assert refused(openai.NotFoundError, model="nosuch").type == "not_found_error"
assert refused(openai.BadRequestError, previous_response_id="resp_1").param == "previous_response_id"
assert refused(openai.BadRequestError, background=True).param == "background"
assert refused(openai.BadRequestError, input=[result]).param == "input[0].call_id"
assert refused(openai.BadRequestError, stream=True, conversation="conv_1").code == "invalid_value"
print("every call is as it should be")
