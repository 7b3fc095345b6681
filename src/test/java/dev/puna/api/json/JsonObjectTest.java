// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.puna.failure.InvalidRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The cases were made with Go itself: see {@code json/go-cases.go}. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class JsonObjectTest {
    @ParameterizedTest
    @MethodSource("cases")
    void bodies_are_read_and_refused_as_by_go(String body, String expected) {
        assertThat(outcome(unescape(body))).isEqualTo(new String(unescape(expected), StandardCharsets.UTF_8));
    }

    @Test
    void nesting_is_limited_as_in_go_and_costs_no_stack() {
        var deepest = "{\"options\":" + "{\"a\":".repeat(9_999) + "1" + "}".repeat(9_999) + "}";
        var tooDeep = "{\"zzz\":" + "[".repeat(10_000);

        assertThat(request(deepest).anyMap("options")).containsKey("a");
        assertThatThrownBy(() -> request(tooDeep))
                .isInstanceOf(InvalidRequest.class)
                .hasMessage("invalid character '[' exceeded max depth");
    }

    @Test
    void json_that_is_passed_on_keeps_its_text() {
        var request = request("{\"format\" : {\"b\": 1.50, \"a\":[ ]} , \"none\":null}");

        assertThat(request.field("format").map(JsonValue::raw)).contains("{\"b\": 1.50, \"a\":[ ]}");
        assertThat(request.field("none").map(JsonValue::raw)).isEmpty();
        assertThat(request.field("missing").map(JsonValue::raw)).isEmpty();
    }

    @Test
    void json_that_is_passed_on_has_no_half_of_a_surrogate_pair() {
        var request = request("""
                {"format":{"\\udc00":["x \\uD83D y","\\ud83d\\ude00","\\\\ud83d","\\ud83d\\ud83d\\ude00\\ud83d","\\u00e9\\n"]}}""");

        assertThat(request.field("format").map(JsonValue::raw)).contains("""
                {"\\ufffd":["x \\ufffd y","\\ud83d\\ude00","\\\\ud83d","\\ufffd\\ud83d\\ude00\\ufffd","\\u00e9\\n"]}""");
    }

    @Test
    void json_that_is_written_anew_is_compact_and_keeps_order_digits_and_meaning() {
        var request = request("""
                {"a": { "z" : "\\u00e3<\\/b>\\ud83d\\ud83d\\ude00\\n", "id": 1234567890123456789, "a":[ 1.0, 2.50, true, null, {} ] }}""");

        assertThat(request.field("a").orElseThrow().rewritten()).isEqualTo("""
                {"z":"ã</b>\ufffd\ud83d\ude00\\n","id":1234567890123456789,"a":[1,2.5,true,null,{}]}""");
        assertThatThrownBy(() -> request("{\"a\":{\"n\":[1e400]}}")
                        .field("a")
                        .orElseThrow()
                        .rewritten())
                .isInstanceOf(InvalidRequest.class)
                .hasMessage("json: cannot unmarshal number 1e400 into Go struct field ChatRequest.a of type float64");
        var deep = "{\"a\":" + "[".repeat(2_000) + "]".repeat(2_000) + "}";
        assertThatThrownBy(() -> request(deep).field("a").orElseThrow().rewritten())
                .isInstanceOf(InvalidRequest.class)
                .hasMessage("a is nested too deeply (at most 1000 levels), or has a number that is too long");
    }

    @Test
    void errors_inside_a_type_with_a_reader_of_its_own_name_the_request() {
        var messages = request("{\"messages\":[{\"role\":\"user\",\"content\":5}]}")
                .field("messages")
                .orElseThrow()
                .list("[]api.Message");

        assertThatThrownBy(() -> messages.getFirst().object("api.Message").string("content"))
                .hasMessage("json: cannot unmarshal number into Go struct field ChatRequest.messages.content"
                        + " of type string");
    }

    static Stream<String[]> cases() throws IOException {
        try (var file = JsonObjectTest.class.getResourceAsStream("/json/go-cases.tsv")) {
            var text = new String(file.readAllBytes(), StandardCharsets.US_ASCII);
            return text.lines().map(line -> line.split("\t", 2));
        }
    }

    private static JsonObject request(String body) {
        return JsonObject.read(body.getBytes(StandardCharsets.UTF_8), "ChatRequest");
    }

    private static String outcome(byte[] body) {
        try {
            return "V "
                    + new String(
                            RecordJson.bytes(values(JsonObject.read(body, "ChatRequest"))), StandardCharsets.UTF_8);
        } catch (InvalidRequest refused) {
            return "E " + refused.text();
        }
    }

    private static Map<String, @Nullable Object> values(JsonObject request) {
        var values = new LinkedHashMap<String, @Nullable Object>();
        values.put("model", request.string("model"));
        values.put(
                "messages",
                request.field("messages").map(JsonObjectTest::messages).orElse(null));
        request.bool("stream").ifPresent(stream -> values.put("stream", stream));
        values.put("raw", request.bool("raw", false));
        values.put("top_logprobs", request.integer("top_logprobs").orElse(0L));
        values.put("rate", request.field("rate").map(JsonValue::number).orElse(0.0));
        values.put("stops", request.field("stops").isPresent() ? request.strings("stops") : null);
        values.put("files", request.field("files").map(JsonObjectTest::files).orElse(null));
        values.put("options", request.field("options").isPresent() ? sorted(request.anyMap("options")) : null);
        return values;
    }

    private static List<Map<String, Object>> messages(JsonValue value) {
        return value.list("[]api.Message").stream()
                .map(element -> message(element.struct("api.Message")))
                .toList();
    }

    private static Map<String, Object> message(JsonObject message) {
        var values = new LinkedHashMap<String, Object>();
        values.put("role", message.string("role"));
        values.put("content", message.string("content"));
        var images = message.field("images").stream()
                .flatMap(list -> list.list("[]api.ImageData").stream())
                .map(image -> Base64.getEncoder().encodeToString(image.bytes("api.ImageData")))
                .toList();
        if (!images.isEmpty()) {
            values.put("images", images);
        }
        return values;
    }

    private static Map<String, String> files(JsonValue value) {
        var files = new TreeMap<String, String>();
        value.map("map[string]string").forEach((name, digest) -> files.put(name, digest.string()));
        return files;
    }

    /** Go writes maps sorted by key and every number of an untyped value as a float64. */
    private static @Nullable Object sorted(@Nullable Object value) {
        return switch (value) {
            case Map<?, ?> map -> {
                var sorted = new TreeMap<String, @Nullable Object>();
                map.forEach((key, inner) -> sorted.put((String) key, sorted(inner)));
                yield sorted;
            }
            case List<?> list -> list.stream().map(JsonObjectTest::sorted).toList();
            case Long number -> number.doubleValue();
            case null, default -> value;
        };
    }

    private static byte[] unescape(String text) {
        var bytes = new ByteArrayOutputStream();
        for (var i = 0; i < text.length(); i++) {
            if (text.charAt(i) != '\\') {
                bytes.write(text.charAt(i));
            } else if (text.charAt(i + 1) == '\\') {
                bytes.write('\\');
                i++;
            } else {
                bytes.write(Integer.parseInt(text, i + 2, i + 4, 16));
                i += 3;
            }
        }
        return bytes.toByteArray();
    }
}
