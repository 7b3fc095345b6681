// SPDX-License-Identifier: Apache-2.0
package dev.puna.template;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.puna.go.GoText;
import dev.puna.template.value.Type;
import dev.puna.template.value.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Random data for templates: the keys are always the same, what they hold is not. */
final class SampleData {
    static final List<String> KEYS =
            List.of("s", "u", "n", "k", "f", "g", "t", "l", "ls", "e", "m", "d", "ms", "z", "x");

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> TEXTS = List.of(
            "",
            "a",
            "b",
            "abc",
            "hello world",
            "<tag a='1'>&\"",
            "line\nline\ttab",
            "user",
            "system",
            "50%",
            "\u00e9t\u00e9",
            "\u65e5\u672c",
            "\ud83d\ude00!",
            "\u0000\u0001\u007f",
            "\u2028\u00ad\ufeff",
            "back\\slash`",
            "  trim  ",
            "{{x}}",
            "=a/b?c");
    private static final List<Long> NUMBERS = List.of(
            0L,
            1L,
            2L,
            3L,
            -1L,
            7L,
            42L,
            65L,
            255L,
            1000000L,
            -123456789L,
            128512L,
            0xD800L,
            1114112L,
            Long.MAX_VALUE,
            Long.MIN_VALUE);
    private static final List<Double> REALS = List.of(
            0.5,
            1.0,
            -2.5,
            3.14159,
            1e6,
            1e20,
            1e21,
            1e-6,
            1e-7,
            123456789.0,
            2e23,
            Double.MIN_VALUE,
            1.7976931348623157e308,
            0.1,
            100.0,
            -0.0,
            0.000123,
            9.999999e9);

    private final RandomGenerator random;

    SampleData(RandomGenerator random) {
        this.random = random;
    }

    Map<String, @Nullable Object> root() {
        var root = new LinkedHashMap<String, @Nullable Object>();
        root.put("s", pick(TEXTS));
        root.put("u", pick(TEXTS));
        root.put("n", pick(NUMBERS));
        root.put("k", (long) random.nextInt(4));
        root.put("f", real());
        root.put("g", real());
        root.put("t", random.nextBoolean());
        root.put("l", list(2));
        root.put("ls", texts());
        root.put("e", List.of());
        root.put("m", map(2));
        root.put("d", Map.of());
        root.put("ms", List.of(turn(), turn(), turn()).subList(0, random.nextInt(4)));
        root.put("z", null);
        root.put("x", value(3));
        return root;
    }

    private Map<String, @Nullable Object> turn() {
        var turn = new LinkedHashMap<String, @Nullable Object>();
        turn.put("s", pick(List.of("user", "assistant", "system")));
        turn.put("u", pick(TEXTS));
        turn.put("l", texts());
        return turn;
    }

    private double real() {
        return random.nextInt(3) > 0
                ? pick(REALS)
                : random.nextInt(2) > 0
                        ? Math.round(random.nextDouble() * 10000) / 1000.0 - 5
                        : finite(Double.longBitsToDouble(random.nextLong()));
    }

    private static double finite(double number) {
        return Double.isFinite(number) ? number : 0.25;
    }

    private List<@Nullable Object> texts() {
        var list = new ArrayList<@Nullable Object>();
        for (var i = random.nextInt(4); i > 0; i--) {
            list.add(pick(TEXTS));
        }
        return list;
    }

    private List<@Nullable Object> list(int depth) {
        var list = new ArrayList<@Nullable Object>();
        for (var i = random.nextInt(4); i > 0; i--) {
            list.add(value(depth - 1));
        }
        return list;
    }

    private Map<String, @Nullable Object> map(int depth) {
        var map = new LinkedHashMap<String, @Nullable Object>();
        for (var i = random.nextInt(5); i > 0; i--) {
            map.put(random.nextInt(8) == 0 ? pick(TEXTS) : pick(KEYS), value(depth - 1));
        }
        return map;
    }

    private @Nullable Object value(int depth) {
        return switch (random.nextInt(depth > 0 ? 8 : 6)) {
            case 0 -> null;
            case 1 -> random.nextBoolean();
            case 2 -> pick(NUMBERS);
            case 3 -> real();
            case 4, 5 -> pick(TEXTS);
            case 6 -> list(depth);
            default -> map(depth);
        };
    }

    private <T> T pick(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    /** The data as JSON that tells whole numbers from others. */
    static String json(Object data) {
        try {
            return JSON.writeValueAsString(data);
        } catch (JsonProcessingException broken) {
            throw new AssertionError(broken);
        }
    }

    /** The data as templates get it. */
    static Value value(@Nullable Object data) {
        return switch (data) {
            case null -> Value.None.VALUE;
            case Boolean is -> Value.of(is);
            case Long number -> Value.of(number);
            case Double number -> new Value.Real(number);
            case String text -> Value.of(text);
            case List<?> list ->
                Value.Listing.of(
                        Type.LIST,
                        Arrays.stream(list.toArray()).map(SampleData::value).toList());
            case Map<?, ?> map -> {
                var entries = new TreeMap<String, Value>();
                map.forEach((key, element) -> entries.put(GoText.bytes((String) key), value(element)));
                yield Value.Mapping.of(entries);
            }
            default -> throw new AssertionError(data);
        };
    }
}
