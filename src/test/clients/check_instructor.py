# SPDX-License-Identifier: Apache-2.0
"""What a program written with `instructor` does, against the server at OLLAMA_HOST. Arguments: a model that generates, and one that
thinks and then calls get_weather for Paris whatever it is asked."""
import os
import sys
from typing import Literal

import instructor
import openai
from pydantic import BaseModel

text, caller = sys.argv[1:3]
client = openai.OpenAI(base_url=os.environ["OLLAMA_HOST"] + "/v1", api_key="none", max_retries=0, timeout=120)
question = [{"role": "user", "content": "Tell me about a city."}]


class City(BaseModel):
    name: Literal["Paris", "Rome"]
    coast: bool


class get_weather(BaseModel):
    city: str


for mode in (instructor.Mode.JSON_SCHEMA, instructor.Mode.TOOLS):
    structured = instructor.from_openai(client, mode=mode)
    model, shape = (caller, get_weather) if mode == instructor.Mode.TOOLS else (text, City)
    made = structured.chat.completions.create(model=model, messages=question, response_model=shape, temperature=0)
    assert isinstance(made, shape), made
    parts = list(
        structured.chat.completions.create_partial(model=model, messages=question, response_model=shape, temperature=0)
    )
    assert len(parts) >= 1 and shape(**parts[-1].model_dump()), parts
    try:
        structured.chat.completions.create(model="absent", messages=question, response_model=shape, max_retries=0)
        raise AssertionError("no error")
    except Exception as e:
        assert "absent" in str(e), e
print("every call is as it should be")
