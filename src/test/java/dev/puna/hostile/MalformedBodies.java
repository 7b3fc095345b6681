// SPDX-License-Identifier: Apache-2.0
package dev.puna.hostile;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Bodies that are nearly JSON, or JSON of the wrong form: values that do not belong there, then text that is none. */
final class MalformedBodies {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final int DEEPEST = 20_000;
    private static final int LONGEST = 60_000;
    private static final List<String> NUMBERS = List.of(
            "0",
            "-0",
            "-1",
            "1",
            "2147483647",
            "2147483648",
            "-2147483649",
            "9007199254740993",
            "9223372036854775807",
            "9223372036854775808",
            "-9223372036854775809",
            "18446744073709551616",
            "1e19",
            "1e308",
            "1e309",
            "-1e309",
            "5e-324",
            "1e-400",
            "0.1",
            "1E400",
            "1e2147483648",
            "01",
            "+1",
            ".5",
            "1.",
            "1e",
            "0x10",
            "NaN",
            "Infinity",
            "-",
            "1" + "0".repeat(5_000),
            "0." + "0".repeat(5_000) + "1");
    private static final List<String> TEXTS = List.of(
            "\"\"",
            "\"\\u0000\"",
            "\"\\ud800\"",
            "\"\\udc00\\ud800\"",
            "\"\\uD83D\"",
            "\"\\u12\"",
            "\"\\x\"",
            "\"a",
            "\"\n\"",
            "\"../../../etc/passwd\"",
            "\"%s%n%d\"",
            "\"http://169.254.169.254/latest\"",
            "\"registry.invalid/a/b:c\"",
            "\"a:b:c:d\"",
            "\"" + "a/".repeat(50) + "b\"",
            "\"\\u202e\\ufeff\"",
            "\"-1\"",
            "\"true\"",
            "\"null\"",
            "\"10x\"",
            "\"sha256:" + "0".repeat(64) + "\"",
            "\"iVBORw0KGgo=\"",
            "\"data:image/png;base64,AAAA\"",
            "\"====\"",
            "\"{{ range . }}\"",
            "\"root ::= root\"",
            "\"(a+)+b\"",
            "\"json\"",
            "\"q4_0\"",
            "\"-9223372036854775808ns\"",
            "\"<|im_start|>\"",
            "\"[img-0]\"");
    private static final List<String> WHOLE = List.of(
            "",
            " ",
            "null",
            "true",
            "nul",
            "[]",
            "[{}]",
            "{}",
            "{",
            "}",
            "{]",
            "{\"",
            "{\"a\"",
            "{\"a\":",
            "{\"a\":1,}",
            "{,}",
            "{'a':1}",
            "{a:1}",
            "//\n{}",
            "/**/{}",
            "\u0000",
            "{}{}",
            "{}\u0000",
            "\ufeff{}",
            "1",
            "\"a\"",
            "\u007f",
            "\ud83d\ude00",
            "model=absent&prompt=a",
            "--b\r\nContent-Disposition: form-data\r\n\r\n{}\r\n--b--",
            "<a/>",
            "\u001f\u008b\b\u0000");
    private static final List<String> TOKENS = List.of(
            "{", "}", "[", "]", ",", ":", "\"", "\\", "\\u", "null", "1e", "-", "\u0000", "\n", "\"a\":", "//",
            "\u00ff");

    private final List<String> names;
    private final Random random;

    /**
     * @param names of fields that may be anywhere
     */
    MalformedBodies(List<String> names, Random random) {
        this.names = List.copyOf(names);
        this.random = random;
    }

    /** One that is made of a good one, which is left as it is. */
    byte[] of(JsonNode good) {
        var kind = random.nextInt(10);
        if (kind == 0) {
            return HostileModels.pick(WHOLE, random).getBytes(UTF_8);
        }
        var tree = good.deepCopy();
        for (var times = kind < 8 ? 1 + random.nextInt(3) : 0; times > 0; times--) {
            change(tree);
        }
        var text = tree.toString();
        return kind < 6 ? text.getBytes(UTF_8) : damaged(text);
    }

    /** Puts a value that does not belong there somewhere. */
    private void change(JsonNode tree) {
        var places = new ArrayList<JsonNode>();
        collect(tree, places);
        switch (places.isEmpty() ? NODES.nullNode() : HostileModels.pick(places, random)) {
            case ObjectNode object -> {
                var own = new ArrayList<String>();
                object.fieldNames().forEachRemaining(own::add);
                var name = own.isEmpty() || random.nextInt(3) == 0
                        ? HostileModels.pick(names, random)
                        : HostileModels.pick(own, random);
                object.set(random.nextInt(12) == 0 ? otherCase(name) : name, value());
            }
            case ArrayNode array
            when !array.isEmpty() && random.nextBoolean() -> array.set(random.nextInt(array.size()), value());
            case ArrayNode array -> array.add(value());
            default -> {
                // A body that is no container stays as it is.
            }
        }
    }

    private static void collect(JsonNode node, List<JsonNode> places) {
        if (node.isContainerNode()) {
            places.add(node);
            node.forEach(part -> collect(part, places));
        }
    }

    private String otherCase(String name) {
        return random.nextBoolean() ? name.toUpperCase(java.util.Locale.ROOT) : name + "\u0000";
    }

    private JsonNode value() {
        var text =
                switch (random.nextInt(12)) {
                    case 0, 1, 2 -> HostileModels.pick(NUMBERS, random);
                    case 3, 4, 5 -> HostileModels.pick(TEXTS, random);
                    case 6 -> random.nextBoolean() ? "null" : Boolean.toString(random.nextBoolean());
                    case 7 -> random.nextBoolean() ? "{}" : "[]";
                    case 8 -> nested(1 + random.nextInt(random.nextInt(8) == 0 ? DEEPEST : 600));
                    case 9 -> "\"" + "aé\\n".repeat(random.nextInt(random.nextInt(8) == 0 ? LONGEST / 5 : 100)) + "\"";
                    case 10 -> "[" + "1,".repeat(random.nextInt(2_000)) + HostileModels.pick(NUMBERS, random) + "]";
                    default ->
                        "{\"" + HostileModels.pick(names, random) + "\":" + HostileModels.pick(TEXTS, random) + "}";
                };
        return NODES.rawValueNode(new RawValue(text));
    }

    private String nested(int depth) {
        return random.nextBoolean()
                ? "[".repeat(depth) + "]".repeat(depth)
                : "{\"a\":".repeat(depth) + "1" + "}".repeat(depth);
    }

    private byte[] damaged(String text) {
        switch (random.nextInt(7)) {
            case 0 -> {
                return text.getBytes(HostileModels.pick(List.<Charset>of(UTF_16LE, UTF_16BE, ISO_8859_1), random));
            }
            case 1 -> {
                return ("\ufeff" + text).getBytes(random.nextBoolean() ? UTF_8 : UTF_16LE);
            }
            case 2 -> {
                return (text + HostileModels.pick(WHOLE, random)).getBytes(UTF_8);
            }
            case 3 -> {
                var at = random.nextInt(text.length() + 1);
                return (text.substring(0, at) + HostileModels.pick(TOKENS, random) + text.substring(at))
                        .getBytes(UTF_8);
            }
            case 4 -> {
                var bytes = text.getBytes(UTF_8);
                return Arrays.copyOf(bytes, random.nextInt(bytes.length + 1));
            }
            case 5 -> {
                var bytes = new byte[random.nextInt(200)];
                random.nextBytes(bytes);
                return bytes;
            }
            default -> {
                var bytes = text.getBytes(UTF_8);
                for (var i = bytes.length == 0 ? 0 : 1 + random.nextInt(4); i > 0; i--) {
                    bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
                }
                return bytes;
            }
        }
    }
}
