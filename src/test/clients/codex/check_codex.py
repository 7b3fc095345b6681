# SPDX-License-Identifier: Apache-2.0
"""Sessions of OpenAI's Codex against the server at OLLAMA_HOST, with models that say one text whatever they are asked. Arguments: the
program, a model that only talks ("Hello from the scripted model."), and two that call tools: exec_command (echo of a sum)
and a function in a namespace (multi_agent_v1.close_agent). Between the two stands a proxy that lets the first
model answer once a tool has been called, since a model of that kind would call for ever, and that looks at every request and event.
Nothing else can be reached: the proxies of the environment lead nowhere. Fails with the first thing that is not as it should be."""
import http.client
import http.server
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import threading

program, talker, shell, namespaced = sys.argv[1:]
server = os.environ["OLLAMA_HOST"].removeprefix("http://")
PROVIDER = """
model_provider = "puna"
[analytics]
enabled = false
[model_providers.puna]
name = "puna"
base_url = "http://127.0.0.1:{port}/v1"
wire_api = "responses"
stream_max_retries = 0
request_max_retries = 0
"""
exchanges = []


class Between(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if any(item.get("type", "").endswith("_output") for item in body["input"]):
            body["model"] = talker
        if body.get("text", {}).get("format"):
            # A model that is held to a schema says anything that fits, and must not run that.
            body["tool_choice"] = "none"
        onward = http.client.HTTPConnection(server, timeout=120)
        onward.request("POST", self.path, json.dumps(body), {"Content-Type": "application/json"})
        answer = onward.getresponse()
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.getheader("Content-Type"))
        self.end_headers()
        text = b""
        while piece := answer.read1(65536):
            text += piece
            self.wfile.write(piece)
        exchanges.append((body, answer.status, text.decode()))

    def log_message(self, *_):
        pass


def session(model, *arguments, question="Say hello"):
    """The lines that Codex printed, and what went over the wire."""
    exchanges.clear()
    line = [program, "exec", *arguments, "--json", "--skip-git-repo-check", "-m", model]
    line += ["--dangerously-bypass-approvals-and-sandbox", question]
    ended = subprocess.run(line, env=environment, cwd=work, stdin=subprocess.DEVNULL, capture_output=True, timeout=120)
    said = ended.stdout.decode()
    assert exchanges, said + ended.stderr.decode()
    for body, status, text in exchanges:
        assert status == 200, (status, text)
        judge(body, events(text))
    assert ended.returncode == 0, said + ended.stderr.decode()
    return [json.loads(printed) for printed in said.splitlines() if printed.startswith("{")]


def events(text):
    for event in text.strip().split("\n\n"):
        name, data = event.split("\n")
        told = json.loads(data.removeprefix("data: "))
        assert name == "event: " + told["type"], event
        yield told


def judge(body, told):
    told = list(told)
    assert [event["sequence_number"] for event in told] == list(range(len(told))), told
    assert told[0]["type"] == "response.created" and told[-1]["type"] == "response.completed", told[-1]
    done = [event for event in told if event["type"] == "response.output_item.done"]
    assert [event["output_index"] for event in done] == list(range(len(done))), done
    assert [event["item"] for event in done] == told[-1]["response"]["output"], done
    assert [tool["type"] for tool in told[-1]["response"]["tools"]] == [tool["type"] for tool in body["tools"]]


def finished(printed, kind):
    return [line["item"] for line in printed if line["type"] == "item.completed" and line["item"]["type"] == kind]


def said_hello(printed):
    assert finished(printed, "agent_message")[-1]["text"] == "Hello from the scripted model.", printed
    usage = [line["usage"] for line in printed if line["type"] == "turn.completed"][-1]
    assert usage["input_tokens"] > 0 and usage["output_tokens"] >= usage["reasoning_output_tokens"], usage


def output():
    """What the tool gave back."""
    item = [item for item in exchanges[-1][0]["input"] if item.get("type") == "function_call_output"][-1]
    return item["output"] if isinstance(item["output"], str) else json.dumps(item["output"])


with tempfile.TemporaryDirectory() as home:
    between = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Between)
    threading.Thread(target=between.serve_forever, daemon=True).start()
    work = pathlib.Path(home, "work")
    work.mkdir()
    pathlib.Path(home, "config.toml").write_text(PROVIDER.format(port=between.server_port))
    nowhere = "http://127.0.0.1:1"
    environment = os.environ | {"CODEX_HOME": home, "HOME": home, "HTTPS_PROXY": nowhere, "HTTP_PROXY": nowhere}
    environment |= {"NO_PROXY": "127.0.0.1"}

    first = session(talker)
    said_hello(first)
    assert finished(first, "reasoning"), first

    again = session(talker, "resume", "--last", question="And again")
    said_hello(again)
    kinds = [item["type"] for item in exchanges[0][0]["input"]]
    assert "reasoning" in kinds and kinds.count("message") > 3, kinds

    called = session(shell)
    said_hello(called)
    assert finished(called, "command_execution")[0]["exit_code"] == 0, called
    assert len(exchanges) == 2 and "from-the-42-shell" in output(), exchanges[-1][0]["input"][-3:]

    said_hello(session(namespaced))
    call = [item for item in exchanges[-1][0]["input"] if item.get("type") == "function_call"][-1]
    assert (call["namespace"], call["name"]) == ("multi_agent_v1", "close_agent"), call
    assert "unsupported call" not in output(), output()

    schema = pathlib.Path(home, "schema.json")
    schema.write_text('{"type":"object","properties":{"a":{"type":"integer"}},"required":["a"],"additionalProperties":false}')
    session(talker, "--output-schema", str(schema))
    assert exchanges[0][0]["text"]["format"]["type"] == "json_schema", exchanges[0][0]["text"]

print("every call is as it should be")
