// SPDX-License-Identifier: Apache-2.0
package dev.puna.modelfile;

import dev.puna.failure.InvalidRequest;
import dev.puna.model.ModelOptions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What a model's parameters are called and of which type they are, for those that come as text: PARAMETER lines and
 * {@code /set parameter}, sometimes the {@code parameters} of a create request. Names and error texts: contract 2.
 */
public final class Parameters {
    private static final Set<String> WHOLE = Set.of(
            "num_ctx",
            "num_batch",
            "num_gpu",
            "main_gpu",
            "num_thread",
            "draft_num_predict",
            "num_keep",
            "seed",
            "num_predict",
            "top_k",
            "repeat_last_n");
    private static final Set<String> REAL = Set.of(
            "top_p", "min_p", "typical_p", "repeat_penalty", "temperature", "presence_penalty", "frequency_penalty");
    private static final Set<String> FLAGS = Set.of("use_mmap", "ignore_eos");
    private static final Set<String> LISTS = Set.of("stop");

    /** What only JSON can say: no text is read as one. */
    private static final Set<String> MAPS = Set.of("logit_bias");

    private static final Set<String> DEPRECATED = Set.of(
            "penalize_newline",
            "low_vram",
            "f16_kv",
            "logits_all",
            "vocab_only",
            "use_mlock",
            "mirostat",
            "mirostat_tau",
            "mirostat_eta");

    private static final Pattern DECIMAL = Pattern.compile("[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?");

    private Parameters() {}

    /** Whether the name means something. */
    public static boolean isKnown(String name) {
        return WHOLE.contains(name)
                || REAL.contains(name)
                || FLAGS.contains(name)
                || LISTS.contains(name)
                || MAPS.contains(name);
    }

    /** Whether the name once meant something and is now dropped with a warning. */
    public static boolean isDeprecated(String name) {
        return DEPRECATED.contains(name);
    }

    /** The parameters of a Modelfile in their order, as JSON has them; those no longer in use are left out. */
    public static Map<String, Object> of(Modelfile modelfile) {
        var parameters = new LinkedHashMap<String, Object>();
        var lists = new HashMap<String, List<String>>();
        for (var instruction : modelfile.instructions()) {
            if (instruction instanceof Instruction.Parameter(var name, var value) && !isDeprecated(name)) {
                if (LISTS.contains(name)) {
                    lists.computeIfAbsent(name, _ -> new ArrayList<>()).add(value);
                    parameters.putIfAbsent(name, List.of());
                } else {
                    add(parameters, name, value);
                }
            }
        }
        lists.forEach((name, values) -> parameters.put(name, List.copyOf(values)));
        return parameters;
    }

    /**
     * Puts the value, as a Long, Double, Boolean or List of String, under the name; a list grows, anything else is
     * replaced.
     *
     * @throws InvalidRequest for a name nobody knows or a value of another type
     */
    public static void add(Map<String, Object> parameters, String name, String text) {
        var value = typed(name, text);
        if (value instanceof List<?> more && parameters.get(name) instanceof List<?> before) {
            var both = new ArrayList<Object>(before);
            both.addAll(more);
            parameters.put(name, List.copyOf(both));
        } else {
            parameters.put(name, value);
        }
    }

    /**
     * The parameters of a request that makes a model, so that they mean something to each request of that model: a text that is a
     * number or a truth becomes one, and a single {@code stop} a list. Names nobody knows stay as they are, as Ollama keeps them.
     *
     * @param given values as a JSON parser gives them
     * @throws InvalidRequest for a value that each request would be refused for
     */
    public static Map<String, Object> checked(Map<String, Object> given) {
        var parameters = new LinkedHashMap<String, Object>(given);
        parameters.replaceAll(
                (name, value) -> value instanceof String text && isKnown(name) ? typedIfItCan(name, text) : value);
        ModelOptions.merge(Map.of(), parameters);
        return parameters;
    }

    private static Object typedIfItCan(String name, String text) {
        try {
            return typed(name, text);
        } catch (InvalidRequest _) {
            return text;
        }
    }

    private static Object typed(String name, String text) {
        if (WHOLE.contains(name)) {
            return whole(text);
        }
        if (REAL.contains(name)) {
            return real(text);
        }
        if (FLAGS.contains(name)) {
            return flag(text);
        }
        if (LISTS.contains(name)) {
            return List.of(text);
        }
        throw new InvalidRequest("unknown parameter '" + name + "'");
    }

    private static Long whole(String text) {
        try {
            return Long.valueOf(text);
        } catch (NumberFormatException _) {
            throw new InvalidRequest("invalid int value [" + text + "]");
        }
    }

    private static Double real(String text) {
        if (DECIMAL.matcher(text).matches() && Float.isFinite(Float.parseFloat(text))) {
            return Double.valueOf(text);
        }
        throw new InvalidRequest("invalid float value [" + text + "]");
    }

    private static Boolean flag(String text) {
        return switch (text) {
            case "1", "t", "T", "true", "TRUE", "True" -> true;
            case "0", "f", "F", "false", "FALSE", "False" -> false;
            default -> throw new InvalidRequest("invalid bool value [" + text + "]");
        };
    }
}
