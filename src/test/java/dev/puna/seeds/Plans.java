// SPDX-License-Identifier: Apache-2.0
package dev.puna.seeds;

import static java.util.Map.entry;

import dev.puna.seeds.Plan.Address;
import dev.puna.seeds.Plan.Answer;
import dev.puna.seeds.Plan.Environment;
import dev.puna.seeds.Plan.Options;
import dev.puna.seeds.Plan.Program;
import dev.puna.seeds.Plan.Request;
import dev.puna.seeds.Plan.Serve;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Says how each example is run: most by what they are, the rest by name. */
final class Plans {
    private static final String GENERATE = "/api/generate";
    private static final String CHAT = "/api/chat";

    private static final String ASK = """
            {"model":"my-chatbot","prompt":"Hello","stream":%s}""";
    private static final String SAY = """
            {"model":"my-chatbot","messages":[{"role":"user","content":"Hello"}],"stream":%s}""";

    private static final String LIST = "\ncurl http://localhost:11434/api/tags";
    private static final String SHARED_IMPORT = "import requests\n";
    private static final String PYTHON_STREAM = """
            import json, requests
            model, prompt = "my-chatbot", "Hello"
            def stream_generate(model, prompt):
                answer = requests.post("http://localhost:11434/api/generate", json={"model": model, "prompt": prompt}, stream=True)
                for line in answer.iter_lines():
                    yield json.loads(line)["response"]
            """;
    private static final String PYTHON_REQUEST = """
            import requests
            url = "http://localhost:11434/api/generate"
            payload = {"model": "my-chatbot", "prompt": "Hello", "stream": False}
            """;
    private static final String PYTHON_EMBEDDING = """
            import requests
            calls = []
            def generate_embedding(text):
                calls.append(text)
                asked = {"model": "my-embedder", "prompt": text}
                return requests.post("http://localhost:11434/api/embeddings", json=asked).json()["embedding"]
            """;

    /** What a call of an endpoint is known by. */
    private static final Map<String, String> ANSWERS = Map.ofEntries(
            entry("generate", "\"response\":\""),
            entry("chat", "\"message\":\\{\"role\":\"assistant\",\"content\":\""),
            entry("tags", "\"models\":\\[\\{\"name\":\""),
            entry("show", "\"modelfile\":\".*\"details\":\\{"),
            entry("create", "\\{\"status\":\"success\"\\}"),
            entry("embeddings", "\\{\"embedding\":\\[-?\\d"));

    private static final Pattern ENDPOINT = Pattern.compile("/api/([a-z]+)");

    private static final Map<String, Plan> BY_NAME = Map.ofEntries(
            entry("000/1", Program.printing("success")),
            entry("000/2", new Request(GENERATE, "\"done\":true")),
            entry("000/3", new Answer(GENERATE, ASK.formatted(false))),
            entry(
                    "000/5",
                    new Plan.Excepted(
                            Program.printing(Plan.SOMETHING), "name 'false' is not defined", "Python has no 'false'")),
            entry("000/6", new Request(CHAT, "\"done\":true")),
            entry("000/8", new Answer("/api/tags", "")),
            entry("000/10", Program.printing("success")),
            entry("000/11", new Program("", LIST, "^\\{\"models\":\\[(?!.*gemma3:1b)")),
            entry("001/2", new Answer(GENERATE, ASK.formatted(false))),
            entry("001/4", new Answer(GENERATE, ASK.formatted(true))),
            entry("001/6", new Options(GENERATE)),
            entry("001/8", new Answer(CHAT, SAY.formatted(false))),
            entry("001/12", new Answer("/api/tags", "")),
            entry("001/14", new Answer("/api/show", "{\"name\":\"my-chatbot\"}")),
            entry("001/16", Program.printing("success")),
            entry("001/17", new Program("", LIST, "^\\{\"models\":\\[(?!.*my-chatbot)")),
            entry("001/19", new Answer("/api/embeddings", "{\"model\":\"my-embedder\",\"prompt\":\"a\"}")),
            entry("001/21", new Program(SHARED_IMPORT, "", Plan.SOMETHING)),
            entry("001/22", Program.printing("Response 1: [\\s\\S]*Response 2: [\\s\\S]*Response 3: ")),
            entry("001/25", new Program("const axios = require('axios');\n", "", Plan.SOMETHING)),
            entry("001/27", new Answer(GENERATE, "{\"model\":\"nonexistent\"}")),
            entry("001/28", new Program(SHARED_IMPORT, """

                    print(repr(generate_with_error_handling("my-chatbot", "Hello")))
                    print(generate_with_error_handling("nonexistent", "Hello"))
                    """, "^(?!Error).+\\s+Error: Model 'nonexistent' not found")),
            entry("001/29", new Program(PYTHON_STREAM, "", Plan.SOMETHING)),
            entry("001/30", new Program(PYTHON_REQUEST, "\nprint(response.json()['done'])", "True")),
            entry("001/31", new Program("", "\nprint(trim_messages(list(range(20))))", "\\[0, 11, ")),
            entry(
                    "001/32",
                    new Program(
                            PYTHON_EMBEDDING,
                            "\nprint(len(get_embedding('a')) == len(get_embedding('a')), calls)",
                            "True \\['a'\\]")),
            entry(
                    "001/33",
                    new Program(
                            SHARED_IMPORT,
                            "\nprint(session.get('http://localhost:11434/api/version').json())",
                            "'version'")),
            entry("001/34", new Program("", "\nprint(generate_text('Hello'))", "None")),
            entry("002/1", new Request(CHAT, "\"done\":true")),
            entry("002/2", new Answer(CHAT, SAY.formatted(false))),
            entry("002/5", Program.printing(Plan.SOMETHING)),
            entry("003/1a", new Serve()),
            entry("003/1c", Program.printing("success")),
            entry("003/1f", Program.printing("deleted 'my-chatbot'")),
            entry("003/3", new Address()),
            entry("003/7", Program.printing("success")),
            entry("003/8", new Answer(GENERATE, ASK.formatted(false))),
            entry("003/9", new Answer(GENERATE, ASK.formatted(true))),
            entry("003/10", new Environment()),
            entry("003/11", new Program("", "\nprint(response)", Plan.SOMETHING)),
            entry("004/1", new Address()),
            entry("004/2", new Request(GENERATE, "\"done\":true")),
            entry("004/3", new Answer(GENERATE, ASK.formatted(true))),
            entry("004/4", new Request(CHAT, "\"done\":true")),
            entry("004/5", new Answer(CHAT, SAY.formatted(true))),
            entry("004/6", new Request("/api/create", "\\{\"status\":\"success\"\\}")),
            entry("004/7", new Answer("/api/tags", "")),
            entry("004/8", new Answer("/api/embed", "{\"model\":\"my-embedder\",\"input\":\"a\"}")),
            entry("004/9", new Answer("/api/ps", "")),
            entry("004/10", new Answer("/api/version", "")));

    private Plans() {}

    /** Fails if nothing says how it is run: a new example needs a line here. */
    static Plan of(Example example) {
        var named = BY_NAME.get(example.name());
        if (named != null) {
            return named;
        }
        var endpoint = ENDPOINT.matcher(example.text());
        return switch (example.language()) {
            case "bash" ->
                endpoint.find() ? Program.printing(answer(endpoint.group(1))) : Program.printing(Plan.SOMETHING);
            case "python", "javascript", "go" -> Program.printing(Plan.SOMETHING);
            default -> throw new AssertionError("nothing says how to run " + example);
        };
    }

    static Set<String> names() {
        return BY_NAME.keySet();
    }

    private static String answer(String endpoint) {
        var known = ANSWERS.get(endpoint);
        if (known == null) {
            throw new AssertionError("nothing says what /api/" + endpoint + " answers");
        }
        return known;
    }
}
