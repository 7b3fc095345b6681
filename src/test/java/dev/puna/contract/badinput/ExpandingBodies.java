// SPDX-License-Identifier: Apache-2.0
package dev.puna.contract.badinput;

import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Writes bodies of requests that become far more in memory than their bytes: one field of each is large, in one of the ways in which
 * JSON grows (many small elements, many keys, depth, escapes, digits). The same seed writes the same bodies. <b>Threads:</b> one.
 */
final class ExpandingBodies {
    /** A body and where it goes. */
    record Body(String method, String path, String json) {
        /** Its beginning, for what a failed test says. */
        String start() {
            return path + " " + json.length() + " " + json.substring(0, Math.min(300, json.length()));
        }
    }

    private static final int SMALLEST = 60;
    private static final String ASKED = "\"model\":\"" + ServerUnderTest.TINY + "\",\"stream\":false";
    private static final String MADE = "\"model\":\"made\",\"from\":\"" + ServerUnderTest.TINY + "\",\"stream\":false";
    private static final String BOUNDED = ",\"options\":{\"num_predict\":1,\"num_ctx\":128";

    /** What a body consists of beside its large field; one of these is the large field. */
    private static final Map<String, List<String>> FIELDS = Map.of(
            "generate",
                    List.of(
                            "prompt",
                            "system",
                            "suffix",
                            "template",
                            "context",
                            "images",
                            "format",
                            "think",
                            "keep_alive",
                            "raw",
                            "zzz"),
            "chat", List.of("messages", "tools", "format", "think", "messages", "messages", "keep_alive", "logprobs"),
            "embed", List.of("input", "dimensions", "truncate"),
            "embeddings", List.of("prompt"),
            "show", List.of("system", "options", "verbose", "name"),
            "create",
                    List.of(
                            "template",
                            "parameters",
                            "messages",
                            "license",
                            "files",
                            "adapters",
                            "modelfile",
                            "info",
                            "capabilities"),
            "copy", List.of("source", "destination"),
            "delete", List.of("name", "zzz"));

    private static final List<String> ROUTES = List.of(
            "generate", "generate", "chat", "chat", "chat", "embed", "embeddings", "show", "create", "copy", "delete");

    private static final List<String> ELEMENTS = List.of(
            "{}",
            "[]",
            "\"\"",
            "1",
            "null",
            "\"a\"",
            "{\"a\":1}",
            "[[]]",
            "1e9",
            "\"\\u0000\"",
            "{\"role\":\"user\",\"content\":\"a\"}",
            "{\"role\":\"assistant\",\"tool_calls\":[{}]}",
            "{\"images\":[\"\"]}",
            "{\"type\":\"string\"}",
            "{\"function\":{\"name\":\"a\",\"arguments\":{}}}");

    private static final List<String> UNITS = List.of(
            "a",
            " ",
            "word ",
            "\\u0000",
            "\\ud800",
            "\\ud83d\\ude00",
            "é",
            "\\\"",
            "\\n",
            "0",
            "AAAA",
            "{{.Prompt}}",
            "{{if 1}}",
            "{{",
            "<|im_end|>",
            "PARAMETER stop a\\n");

    private static final List<String> SCHEMAS =
            List.of("properties", "$defs", "anyOf", "allOf", "enum", "required", "items", "pattern");

    private final Random random;
    private final int largest;

    ExpandingBodies(long seed, int largest) {
        random = new Random(seed);
        this.largest = largest;
    }

    /** The next body; its size is spread evenly over orders of magnitude. */
    Body next() {
        var route = one(ROUTES);
        var size = (int) (SMALLEST * Math.pow((double) largest / SMALLEST, random.nextDouble()));
        var field = one(FIELDS.getOrDefault(route, List.of()));
        var json = new StringBuilder(size + 200)
                .append('{')
                .append(route.equals("create") || route.equals("delete") ? MADE : ASKED);
        if (route.startsWith("embed") || route.equals("generate") || route.equals("chat")) {
            json.append(BOUNDED).append(random.nextInt(4) > 0 ? "}" : ",\"stop\":" + large(size / 4) + "}");
        }
        if (route.equals("chat") && !field.equals("messages")) {
            json.append(",\"messages\":[{\"role\":\"user\",\"content\":\"a\"}]");
        }
        json.append(",\"")
                .append(field)
                .append("\":")
                .append(value(field, size))
                .append('}');
        return new Body(route.equals("delete") ? "DELETE" : "POST", "/api/" + route, json.toString());
    }

    /** Mostly of the type that the field has. */
    private String value(String field, int size) {
        if (random.nextInt(5) == 0) {
            return large(size);
        }
        return switch (field) {
            case "prompt", "system", "suffix", "template", "source", "destination", "name" -> text(size);
            case "modelfile" ->
                "\"FROM " + ServerUnderTest.TINY + "\\n" + text(size).substring(1);
            case "messages" ->
                random.nextBoolean()
                        ? array(one(ELEMENTS), size)
                        : "[{\"role\":\"user\",\"content\":" + large(size) + "}]";
            case "tools" ->
                "[{\"type\":\"function\",\"function\":{\"name\":\"f\",\"parameters\":{\"type\":\"object\",\"properties\":{\"a\":"
                        + schema(size) + "}}}}]";
            case "format" -> schema(size);
            case "input", "context", "images", "capabilities" -> array(one(ELEMENTS), Math.min(size, 4_000));
            case "dimensions", "keep_alive", "think" -> "9".repeat(size);
            default -> keys(one(ELEMENTS), size);
        };
    }

    private String schema(int size) {
        return "{\"type\":[\"object\",\"array\",\"string\"],\"" + one(SCHEMAS) + "\":" + large(size) + "}";
    }

    private String large(int size) {
        return switch (random.nextInt(6)) {
            case 0 -> keys(one(ELEMENTS), size);
            case 1 -> text(size);
            case 2 -> deep(size, "[", "]");
            case 3 -> deep(size, "{\"" + one(SCHEMAS) + "\":", "}");
            case 4 -> "1" + "0".repeat(size);
            default -> array(one(ELEMENTS), size);
        };
    }

    private String text(int size) {
        var unit = one(UNITS);
        return '"' + unit.repeat(size / unit.length()) + '"';
    }

    private static String array(String element, int size) {
        return '[' + (element + ",").repeat(size / (element.length() + 1)) + element + ']';
    }

    private static String keys(String element, int size) {
        var object = new StringBuilder(size).append('{');
        for (var key = 0; object.length() < size; key++) {
            object.append('"')
                    .append(Integer.toString(key, Character.MAX_RADIX))
                    .append("\":")
                    .append(element)
                    .append(',');
        }
        return object.append("\"last\":0}").toString();
    }

    private static String deep(int size, String open, String close) {
        var levels = size / (open.length() + close.length());
        return open.repeat(levels) + 1 + close.repeat(levels);
    }

    private <T> T one(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }
}
