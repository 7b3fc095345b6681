# SPDX-License-Identifier: Apache-2.0
"""What a program written with `langchain-openai` does, against the server at OLLAMA_HOST. Arguments: a model that generates, one
that thinks and then calls get_weather for Paris whatever it is asked, and (optional) one that embeds."""
import asyncio
import os
import sys
from typing import Literal

import openai
from langchain_core.messages import AIMessage, HumanMessage, SystemMessage
from langchain_core.tools import tool
from langchain_openai import ChatOpenAI, OpenAI, OpenAIEmbeddings
from pydantic import BaseModel

text, caller, *embedder = sys.argv[1:]
server = {"base_url": os.environ["OLLAMA_HOST"] + "/v1", "api_key": "none", "max_retries": 0, "timeout": 120}
pixel = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII="

assert OpenAI(model=text, temperature=0, max_tokens=8, **server).invoke("Once upon a")
assert "".join(OpenAI(model=text, max_tokens=8, **server).stream("Once upon a"))

chat = ChatOpenAI(model=text, temperature=0, max_tokens=8, seed=1, **server)
conversation = [SystemMessage("Be brief."), HumanMessage("Hello"), AIMessage("Hi!"), HumanMessage("Name a colour.")]
answer = chat.invoke(conversation)
assert answer.content and answer.usage_metadata["output_tokens"] <= 8, answer
assert answer.response_metadata["finish_reason"] in ("stop", "length"), answer.response_metadata
pieces = list(chat.stream(conversation, stream_usage=True))
assert "".join(p.content for p in pieces) and any(p.usage_metadata for p in pieces), pieces
scored = chat.bind(logprobs=True, top_logprobs=2).invoke("Hello")
assert len(scored.response_metadata["logprobs"]["content"][0]["top_logprobs"]) == 2, scored
assert all(a.content for a in chat.batch([conversation, "Hello"]))


async def leaves():
    async for _ in ChatOpenAI(model=text, **server).astream("Tell me a long story."):
        break
    return await asyncio.gather(*(chat.ainvoke(conversation) for _ in range(2)))


assert all(a.content for a in asyncio.run(leaves()))


class City(BaseModel):
    name: Literal["Paris", "Rome"]
    coast: bool


made = ChatOpenAI(model=text, temperature=0, **server).with_structured_output(City, method="json_schema")
assert isinstance(made.invoke("Tell me about a city."), City)


@tool
def get_weather(city: str) -> str:
    """Tells what it is like.

    Args:
        city: where
    """
    return "sunny in " + city


bound = ChatOpenAI(model=caller, **server).bind_tools([get_weather], parallel_tool_calls=False)
asked = [HumanMessage("What is it like in Paris?")]
called = bound.invoke(asked)
assert [(c["name"], c["args"]) for c in called.tool_calls] == [("get_weather", {"city": "Paris"})], called
gathered = None
for chunk in bound.stream(asked):
    gathered = chunk if gathered is None else gathered + chunk
assert gathered.tool_calls[0]["args"] == {"city": "Paris"}, gathered
assert bound.invoke([*asked, called, get_weather.invoke(called.tool_calls[0])]).tool_calls

if embedder:
    # Without its own count of tokens, which it makes by the vocabulary of another model.
    embeddings = OpenAIEmbeddings(model=embedder[0], check_embedding_ctx_length=False, **server)
    near, far = embeddings.embed_documents(["A dog barks.", "Interest rates rose."])
    asked = embeddings.embed_query("a barking dog")
    assert sum(a * b for a, b in zip(asked, near)) > 0.2 + sum(a * b for a, b in zip(asked, far))


def refused(kind, call):
    try:
        call()
    except kind as e:
        return e.message
    raise AssertionError("no error")


seen = HumanMessage([{"type": "text", "text": "What is this?"}, {"type": "image_url", "image_url": {"url": pixel}}])
assert "image" in refused(openai.BadRequestError, lambda: chat.invoke([seen]))
assert "absent" in refused(openai.NotFoundError, lambda: ChatOpenAI(model="absent", **server).invoke("Hello"))
print("every call is as it should be")
