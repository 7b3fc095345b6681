// SPDX-License-Identifier: Apache-2.0
package dev.puna.model;

import dev.puna.failure.InvalidRequest;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Turns parsed JSON values into options, by the coercion rules and with the error texts of contract 2. */
final class OptionReader {
    private static final int MOST_STOPS = 1024;
    private static final int MOST_BIASES = 10_000;
    private static final double LARGEST_BIAS = 100;
    private static final String LOGIT_BIAS = "logit_bias";

    /** Digits of an id, of which no model needs more. */
    private static final int LONGEST_ID = 9;

    private final Map<String, ? extends @Nullable Object> below;
    private final Map<String, ? extends @Nullable Object> above;

    private OptionReader(Map<String, ? extends @Nullable Object> below, Map<String, ? extends @Nullable Object> above) {
        this.below = below;
        this.above = above;
    }

    static ModelOptions merge(
            Map<String, ? extends @Nullable Object> below, Map<String, ? extends @Nullable Object> above) {
        var reader = new OptionReader(below, above);
        return new ModelOptions(reader.generation(), reader.runner());
    }

    static OptionalInt context(
            Map<String, ? extends @Nullable Object> below, Map<String, ? extends @Nullable Object> above) {
        return new OptionReader(below, above).bounded("num_ctx");
    }

    private GenerationOptions generation() {
        var usual = GenerationOptions.DEFAULT;
        var repeatPenalty = real("repeat_penalty", usual.repeatPenalty());
        return new GenerationOptions(
                real("temperature", usual.temperature()),
                Math.max(0, whole("top_k", usual.topK())),
                real("top_p", usual.topP()),
                real("min_p", usual.minP()),
                real("typical_p", usual.typicalP()),
                Math.max(-1, whole("repeat_last_n", usual.repeatLastN())),
                // Dividing by 0 gives no distribution; who sends it wants the penalty off.
                repeatPenalty > 0 ? repeatPenalty : 1,
                real("presence_penalty", usual.presencePenalty()),
                real("frequency_penalty", usual.frequencyPenalty()),
                seed(),
                Math.max(-1, whole("num_predict", usual.numPredict())),
                Math.max(-1, whole("num_keep", usual.numKeep())),
                stop(),
                biases(),
                bool("ignore_eos").orElse(false));
    }

    private RunnerOptions runner() {
        // No model here guesses ahead, but what no model could use is still refused.
        whole("draft_num_predict", 0);
        var context = bounded("num_ctx");
        var batch = bounded("num_batch");
        var mainGpu = bounded("main_gpu");
        return new RunnerOptions(
                context.isPresent()
                        ? OptionalInt.of(Math.max(RunnerOptions.SHORTEST_CONTEXT, context.getAsInt()))
                        : OptionalInt.empty(),
                batch.isPresent() && batch.getAsInt() > 0 ? batch : OptionalInt.empty(),
                Math.max(-1, whole("num_gpu", RunnerOptions.DEFAULT.numGpu())),
                mainGpu.isPresent() && mainGpu.getAsInt() >= 0 ? mainGpu : OptionalInt.empty(),
                bool("use_mmap"),
                Math.max(0, whole("num_thread", RunnerOptions.DEFAULT.numThread())));
    }

    private @Nullable Object value(String name) {
        var value = above.get(name);
        return value == null ? below.get(name) : value;
    }

    /** A whole number that is made to fit an int: for counts where the largest int is as good as none. */
    private int whole(String name, int absent) {
        var value = value(name);
        return value == null ? absent : Math.clamp(toLong(name, value), Integer.MIN_VALUE, Integer.MAX_VALUE);
    }

    /** A whole number that must fit an int, since memory is sized by it. Negative ones are left to the caller. */
    private OptionalInt bounded(String name) {
        var value = value(name);
        if (value == null) {
            return OptionalInt.empty();
        }
        var number = toLong(name, value);
        if (number > Integer.MAX_VALUE) {
            throw new InvalidRequest(
                    "option \"%s\" is too large: %d (at most %d)".formatted(name, number, Integer.MAX_VALUE));
        }
        return OptionalInt.of((int) Math.max(Integer.MIN_VALUE, number));
    }

    private OptionalLong seed() {
        var value = value("seed");
        if (value == null) {
            return OptionalLong.empty();
        }
        var seed = toLong("seed", value);
        return seed < 0 ? OptionalLong.empty() : OptionalLong.of(seed);
    }

    private float real(String name, float absent) {
        var value = value(name);
        if (value == null) {
            return absent;
        }
        if (!(value instanceof Number number)) {
            throw wrongType(name, "type float32");
        }
        var result = number.floatValue();
        if (!Float.isFinite(result)) {
            throw notFinite(name);
        }
        return result;
    }

    private Optional<Boolean> bool(String name) {
        return switch (value(name)) {
            case null -> Optional.empty();
            case Boolean flag -> Optional.of(flag);
            default -> throw wrongType(name, "type boolean");
        };
    }

    private List<String> stop() {
        var value = value("stop");
        if (value instanceof String single) {
            return single.isEmpty() ? List.of() : List.of(single);
        }
        if (value == null) {
            return List.of();
        }
        if (!(value instanceof List<?> list)) {
            throw wrongType("stop", "type array");
        }
        if (list.size() > MOST_STOPS) {
            throw new InvalidRequest(
                    "option \"stop\" has too many entries: %d (at most %d)".formatted(list.size(), MOST_STOPS));
        }
        var stops = new ArrayList<String>(list.size());
        for (var entry : list) {
            if (!(entry instanceof String text)) {
                throw wrongType("stop", "an array of strings");
            }
            // An empty text is found everywhere, so it would end every answer before it starts.
            if (!text.isEmpty()) {
                stops.add(text);
            }
        }
        return List.copyOf(stops);
    }

    /** OpenAI's form: numbers from -100 to 100 by the ids of tokens, which JSON has as texts. Which ids there are, the model knows. */
    private Map<Integer, Float> biases() {
        var value = value(LOGIT_BIAS);
        if (value == null) {
            return Map.of();
        }
        if (!(value instanceof Map<?, ?> given)) {
            throw badBias("option \"logit_bias\" must be an object of numbers by the ids of tokens");
        }
        if (given.size() > MOST_BIASES) {
            throw badBias(
                    "option \"logit_bias\" has too many entries: %d (at most %d)".formatted(given.size(), MOST_BIASES));
        }
        var biases = new HashMap<Integer, Float>();
        given.forEach((token, bias) -> biases.put(token(String.valueOf(token)), bias(bias)));
        return biases;
    }

    private static int token(String key) {
        if (key.length() <= LONGEST_ID && key.matches("[0-9]+")) {
            return Integer.parseInt(key);
        }
        throw badBias("option \"logit_bias\" has a key that is not the id of a token");
    }

    private static float bias(@Nullable Object value) {
        if (value instanceof Number number && Math.abs(number.doubleValue()) <= LARGEST_BIAS) {
            return number.floatValue();
        }
        throw badBias("the values of option \"logit_bias\" must be numbers from -100 to 100");
    }

    private static InvalidRequest badBias(String sentence) {
        return new InvalidRequest(sentence, LOGIT_BIAS);
    }

    private static long toLong(String name, Object value) {
        return switch (value) {
            case Long number -> number;
            case Integer number -> number;
            case BigInteger number ->
                number.bitLength() < Long.SIZE
                        ? number.longValue()
                        : number.signum() < 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
            // By way of double: BigDecimal.longValue of 1e999999999 would write out a billion digits.
            case Number number -> {
                var real = number.doubleValue();
                if (!Double.isFinite(real)) {
                    throw notFinite(name);
                }
                yield (long) real;
            }
            default -> throw wrongType(name, "type integer");
        };
    }

    private static InvalidRequest wrongType(String name, String expected) {
        return new InvalidRequest("option \"%s\" must be of %s".formatted(name, expected));
    }

    private static InvalidRequest notFinite(String name) {
        return new InvalidRequest("option \"%s\" must be a finite number".formatted(name));
    }
}
