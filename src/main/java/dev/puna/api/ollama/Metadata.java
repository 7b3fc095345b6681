// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.ollama;

import dev.puna.api.ollama.wire.ModelCard.Tensor;
import dev.puna.gguf.GgufFile;
import dev.puna.gguf.GgufValue;
import dev.puna.gguf.GgufValueType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The header of a file of weights as JSON. Source: contract 1.8 and the recordings of {@code show}. */
final class Metadata {
    /** What is told elsewhere. */
    private static final Set<String> LEFT_OUT = Set.of("general.name", "tokenizer.chat_template");

    private Metadata() {}

    /**
     * Every key, sorted, and the number of weights, which the header does not tell.
     *
     * @param arrays whether arrays are written with their elements; else they are null, unless they are empty
     */
    static Map<String, @Nullable Object> of(GgufFile file, boolean arrays) {
        var result = new TreeMap<String, @Nullable Object>();
        file.metadata().forEach((key, value) -> {
            if (!LEFT_OUT.contains(key)) {
                result.put(key, plain(value, arrays));
            }
        });
        result.put("general.parameter_count", file.facts().parameterCount());
        return result;
    }

    static List<Tensor> tensors(GgufFile file) {
        return file.tensors().stream()
                .map(tensor -> new Tensor(tensor.name(), tensor.type().name(), tensor.shape()))
                .toList();
    }

    private static @Nullable Object plain(GgufValue value, boolean arrays) {
        return switch (value) {
            case GgufValue.Whole whole -> whole.number();
            case GgufValue.Real(var type, var number) -> real(type, number);
            case GgufValue.Bool(var truth) -> truth;
            case GgufValue.Text(var text) -> text;
            case GgufValue.Items items -> items(items, arrays);
            case GgufValue.Packed _ -> null;
        };
    }

    /** JSON has no word for what is not finite. */
    private static @Nullable Object real(GgufValueType type, double number) {
        if (!Double.isFinite(number)) {
            return null;
        }
        return type == GgufValueType.FLOAT32 ? (Object) (float) number : (Object) number;
    }

    private static @Nullable Object items(GgufValue.Items items, boolean arrays) {
        if (items.count() == 0) {
            return List.of();
        }
        if (!arrays || items.elements().isEmpty()) {
            return null;
        }
        var elements = items.elements().get();
        var result = new ArrayList<@Nullable Object>(elements.size());
        elements.forEach(element -> result.add(plain(element, true)));
        return result;
    }
}
