// SPDX-License-Identifier: Apache-2.0
package dev.puna.contract;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * Says how an answer differs from the recorded one: status, content type, a few headers, and of JSON the keys in their order,
 * the types, and every value that must be the same each time. What a model made up is not judged. One use.
 */
final class Judge {
    private static final ObjectReader JSON =
            new ObjectMapper().reader().with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    /** Headers of which only it counts whether they are there. */
    private static final List<String> HEADERS = List.of(
            "allow",
            "location",
            "access-control-allow-origin",
            "access-control-allow-methods",
            "access-control-max-age");

    /** Values that differ each time. */
    private static final Set<String> VOLATILE = Set.of(
            "created_at",
            "created",
            "completed_at",
            "modified_at",
            "expires_at",
            "total_duration",
            "load_duration",
            "prompt_eval_duration",
            "eval_duration",
            "digest",
            "size_vram",
            "version",
            "request_id");

    /** What a model makes up, and what follows from it. */
    private static final Set<String> GENERATED = Set.of(
            "response",
            "content",
            "thinking",
            "context",
            "logprob",
            "logprobs",
            "token",
            "bytes",
            "arguments",
            "eval_count",
            "prompt_eval_count",
            "modelfile",
            "size",
            "done_reason",
            "text",
            "delta",
            "reasoning",
            "finish_reason",
            "prompt_tokens",
            "completion_tokens",
            "total_tokens",
            "stop_reason",
            "input_tokens",
            "output_tokens");

    /** Ids that are made for each answer. */
    private static final Pattern MADE_ID = Pattern.compile("(chatcmpl|cmpl|call|resp|msg)[-_]\\w+");

    private static final double TOLERANCE = 0.01;

    /** Keys that a newer Ollama no longer has or has besides, each after its sign. */
    private static final Set<String> NEWER = RecordedCase.newer().keySet();

    private final List<String> differences = new ArrayList<>();

    private Judge() {}

    /** What differs, in words; empty if nothing does that counts. */
    static List<String> differences(RecordedAnswer expected, RecordedAnswer actual) {
        var judge = new Judge();
        judge.head(expected, actual);
        expected.body().ifPresent(body -> judge.body(body, actual.body().orElse("")));
        return judge.differences;
    }

    private void head(RecordedAnswer expected, RecordedAnswer actual) {
        same("status", expected.status(), actual.status());
        same("Content-Type", contentType(expected), contentType(actual));
        for (var name : HEADERS) {
            if (expected.header(name).isPresent() != actual.header(name).isPresent()) {
                same("header " + name, expected.header(name), actual.header(name));
            }
        }
    }

    private static String contentType(RecordedAnswer answer) {
        return answer.header("content-type").orElse("").replace(" ", "").toLowerCase(Locale.ROOT);
    }

    private void body(String expected, String actual) {
        var wanted = values(expected);
        var got = values(actual);
        if (wanted.isEmpty() || got.isEmpty()) {
            same("body", expected.strip(), actual.strip());
        } else if (wanted.get().size() > 1 || got.get().size() > 1) {
            same("stream", shapes(wanted.get()), shapes(got.get()));
            compare(wanted.get().getLast(), got.get().getLast(), "last");
        } else {
            compare(byName(wanted.get().getFirst()), byName(got.get().getFirst()), "$");
        }
    }

    /** The JSON values of a body: itself, or one for each line or event; nothing if it is no JSON. */
    private static Optional<List<JsonNode>> values(String body) {
        try {
            return Optional.of(List.of(JSON.readTree(body)))
                    .filter(values -> !values.getFirst().isMissingNode());
        } catch (JsonProcessingException _) {
            return lines(body);
        }
    }

    private static Optional<List<JsonNode>> lines(String body) {
        try {
            var values = new ArrayList<JsonNode>();
            for (var line : body.lines().filter(line -> !line.isBlank()).toList()) {
                values.add(value(line));
            }
            return values.isEmpty() ? Optional.empty() : Optional.of(values);
        } catch (JsonProcessingException _) {
            return Optional.empty();
        }
    }

    /** That of a line, or of a server-sent event, whose name is a value by itself. */
    private static JsonNode value(String line) throws JsonProcessingException {
        if (line.startsWith("event:")) {
            return TextNode.valueOf(line);
        }
        var data = line.startsWith("data:") ? line.substring("data:".length()).strip() : line;
        return data.equals("[DONE]") ? TextNode.valueOf(data) : JSON.readTree(data);
    }

    /** Each status and set of keys once, in order of first appearance. */
    private static Set<String> shapes(List<JsonNode> values) {
        var shapes = new LinkedHashSet<String>();
        values.forEach(value -> shapes.add(
                value.isTextual()
                        ? value.asText()
                        : value.path("status").asText() + " " + known(keys(value), List.of())));
        return shapes;
    }

    /** Lists of models within one second may come in any order. */
    private static JsonNode byName(JsonNode value) {
        sort(value, "models", "name");
        sort(value, "data", "id");
        return value;
    }

    private static void sort(JsonNode value, String list, String key) {
        if (value.path(list) instanceof ArrayNode models) {
            var sorted = models.valueStream()
                    .sorted(Comparator.comparing(model -> model.path(key).asText()))
                    .toList();
            ((ObjectNode) value).set(list, new ObjectMapper().createArrayNode().addAll(sorted));
        }
    }

    private void compare(JsonNode expected, JsonNode actual, String path) {
        if (!kind(expected).equals(kind(actual))) {
            same(path, kind(expected), kind(actual));
        } else if (expected.isObject()) {
            objects(expected, actual, path);
        } else if (expected.isArray()) {
            arrays(expected, actual, path);
        } else if (!differsEachTime(path, expected)) {
            same(path, text(expected), text(actual));
        }
    }

    private void objects(JsonNode expected, JsonNode actual, String path) {
        var wanted = keys(expected).stream()
                .filter(key -> !NEWER.contains("-" + key))
                .toList();
        var got = known(keys(actual), wanted);
        var onlyOne = new LinkedHashSet<>(wanted);
        onlyOne.addAll(got);
        onlyOne.removeIf(key -> wanted.contains(key) && got.contains(key));
        if (onlyOne.isEmpty() || !GENERATED.containsAll(onlyOne)) {
            same(path + " keys", wanted, got);
        }
        wanted.stream()
                .filter(got::contains)
                .forEach(key -> compare(expected.get(key), actual.get(key), path + "." + key));
    }

    private void arrays(JsonNode expected, JsonNode actual, String path) {
        if (isNumbers(expected) && expected.size() == actual.size()) {
            numbers(expected, actual, path);
        } else if (expected.size() == actual.size()) {
            for (var i = 0; i < expected.size(); i++) {
                compare(expected.get(i), actual.get(i), path);
            }
        } else if (!GENERATED.contains(lastKey(path))) {
            same(path + " length", expected.size(), actual.size());
        }
    }

    private void numbers(JsonNode expected, JsonNode actual, String path) {
        var largest = 1e-9;
        var worst = 0.0;
        for (var i = 0; i < expected.size(); i++) {
            largest = Math.max(largest, Math.abs(expected.get(i).asDouble()));
            worst = Math.max(
                    worst, Math.abs(expected.get(i).asDouble() - actual.get(i).asDouble()));
        }
        if (worst > TOLERANCE * largest) {
            differences.add("%s: numbers differ by up to %s".formatted(path, worst));
        }
    }

    private static boolean isNumbers(JsonNode array) {
        return !array.isEmpty() && array.valueStream().allMatch(JsonNode::isFloatingPointNumber);
    }

    private static boolean differsEachTime(String path, JsonNode expected) {
        var key = lastKey(path);
        return VOLATILE.contains(key)
                || (key.equals("id") && MADE_ID.matcher(expected.asText()).matches())
                || GENERATED.contains(key)
                || expected.asText().contains("$STORE");
    }

    private static String lastKey(String path) {
        return path.substring(path.lastIndexOf('.') + 1);
    }

    private static String text(JsonNode value) {
        return value.isNumber() ? Double.toString(value.asDouble()) : value.toString();
    }

    private static List<String> keys(JsonNode value) {
        return stream(value.fieldNames()).toList();
    }

    /** Keys without those that only newer versions have, unless the recording has them as well. */
    private static List<String> known(List<String> keys, List<String> recorded) {
        return keys.stream()
                .filter(key -> recorded.contains(key) || !NEWER.contains("+" + key))
                .toList();
    }

    private static Stream<String> stream(Iterator<String> names) {
        Iterable<String> iterable = () -> names;
        return StreamSupport.stream(iterable.spliterator(), false);
    }

    private static String kind(JsonNode value) {
        return value.getNodeType().name();
    }

    private void same(String what, Object expected, Object actual) {
        if (!Objects.equals(expected, actual)) {
            differences.add("%s: %s expected, %s came".formatted(what, shortened(expected), shortened(actual)));
        }
    }

    private static String shortened(Object value) {
        var text = String.valueOf(value);
        return text.length() > 300 ? text.substring(0, 300) + "…" : text;
    }
}
