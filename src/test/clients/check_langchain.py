# SPDX-License-Identifier: Apache-2.0
"""What a program written with `langchain-ollama` does, against the server at OLLAMA_HOST. Arguments: a model that generates, one
that thinks and then calls get_weather for Paris whatever it is asked, and (optional) one that embeds. The package has no calls
that show, create, copy or delete models; it lists them to see whether the wanted one is there."""
import asyncio
import json
import sys

import ollama
from langchain_core.messages import AIMessage, HumanMessage, SystemMessage, ToolMessage
from langchain_core.tools import tool
from langchain_ollama import ChatOllama, OllamaEmbeddings, OllamaLLM
from pydantic import BaseModel, Field

text, caller, *embedder = sys.argv[1:]


def error(call):
    try:
        call()
    except (ollama.ResponseError, ValueError) as e:
        return str(e)
    raise AssertionError("no error")


# What is said twice is compared with the model that always says the same: a real one's answer to a prompt may depend on
# what is in its cache, at temperature 0 too.
llm = OllamaLLM(model=caller, temperature=0, validate_model_on_init=True)
whole = llm.invoke("Name a colour.")
assert whole and "".join(llm.stream("Name a colour.")) == whole
llm = OllamaLLM(model=text, temperature=0, num_predict=8)
assert llm.invoke("Name a colour.") and llm.generate(["Name a colour."]).generations[0][0].generation_info["done"]

chat = ChatOllama(model=text, temperature=0, num_predict=8, seed=1, validate_model_on_init=True)
conversation = [SystemMessage("Be brief."), HumanMessage("Hello"), AIMessage("Hi!"), HumanMessage("Name a colour.")]
answer = chat.invoke(conversation)
assert answer.content and answer.usage_metadata["output_tokens"] <= 8, answer
assert answer.response_metadata["done_reason"] in ("stop", "length"), answer.response_metadata
pieces = list(chat.stream(conversation))
assert "".join(p.content for p in pieces) and len(pieces) > 1, pieces


async def several():
    return await asyncio.gather(*(chat.ainvoke(conversation) for _ in range(3)))


assert all(a.content for a in asyncio.run(several()))
assert all(a.content for a in chat.batch([conversation, "Hello"]))


class City(BaseModel):
    name: str = Field(pattern="^[A-Z][a-z]{2,8}$")
    inhabitants: int = Field(ge=1, le=40_000_000)
    coast: bool


asking = "Answer with {\"ok\": true} and nothing else."
made = ChatOllama(model=text, temperature=0).with_structured_output(City, method="json_schema").invoke("Tell me about a city.")
assert isinstance(made, City), made
free = ChatOllama(model=text, temperature=0, format="json", num_predict=200).invoke(asking)
assert free.content.startswith("{"), free
if free.response_metadata["done_reason"] == "stop":
    assert isinstance(json.loads(free.content), dict)


@tool
def get_weather(city: str) -> str:
    """Tells what it is like.

    Args:
        city: where
    """
    return "sunny in " + city


bound = ChatOllama(model=caller, reasoning=True).bind_tools([get_weather])
asked = [HumanMessage("What is it like in Paris?")]
called = bound.invoke(asked)
assert [(c["name"], c["args"]) for c in called.tool_calls] == [("get_weather", {"city": "Paris"})], called
assert "weather" in called.additional_kwargs["reasoning_content"], called
gathered = None
for chunk in bound.stream(asked):
    gathered = chunk if gathered is None else gathered + chunk
assert gathered.tool_calls[0]["args"] == {"city": "Paris"}, gathered
result = get_weather.invoke(called.tool_calls[0])
assert isinstance(result, ToolMessage) and result.content == "sunny in Paris"
assert bound.invoke([*asked, called, result]).response_metadata["done"]
assert "does not support tools" in error(lambda: chat.bind_tools([get_weather]).invoke("Hello"))

if embedder:
    embeddings = OllamaEmbeddings(model=embedder[0])
    near, far = embeddings.embed_documents(["A dog barks.", "Interest rates rose."])
    asked = embeddings.embed_query("a barking dog")
    assert sum(a * b for a, b in zip(asked, near)) > 0.2 + sum(a * b for a, b in zip(asked, far))

assert "not found" in error(lambda: ChatOllama(model="absent").invoke("Hello"))
assert "not found" in error(lambda: ChatOllama(model="absent", validate_model_on_init=True))
assert "not found" in error(lambda: OllamaEmbeddings(model="absent").embed_query("Hello"))
print("every call is as it should be")
