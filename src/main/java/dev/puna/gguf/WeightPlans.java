// SPDX-License-Identifier: Apache-2.0
package dev.puna.gguf;

import dev.puna.failure.InvalidRequest;
import dev.puna.model.FileType;
import dev.puna.model.WeightPlan;
import dev.puna.model.WeightRules;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/** What was asked of a quantisation, checked before any work, as what is done. */
public final class WeightPlans {
    private WeightPlans() {}

    /**
     * The plan for a type that is known.
     *
     * @param type that most weights get, one of {@link FileType#targets}
     * @param matrix the file of the importance matrix, where the rules name one
     * @throws InvalidRequest if a rule has an unknown type, the matrix cannot be read, or one is needed and missing
     */
    public static WeightPlan of(String type, WeightRules rules, Optional<Path> matrix) {
        requireImportance(type, matrix);
        var lines = new StringBuilder();
        if (rules.pure()) {
            lines.append("pure\n");
        }
        if (!rules.output().isEmpty()) {
            lines.append("output ").append(type(rules.output(), matrix)).append('\n');
        }
        if (!rules.embedding().isEmpty()) {
            lines.append("embedding ").append(type(rules.embedding(), matrix)).append('\n');
        }
        for (var rule : rules.tensors()) {
            var sign = rule.indexOf('=');
            // llama-quantize, too, knows names in small letters only.
            lines.append("rule ")
                    .append(type(rule.substring(sign + 1), matrix))
                    .append(' ')
                    .append(rule.substring(0, sign).toLowerCase(Locale.ROOT))
                    .append('\n');
        }
        matrix.ifPresent(file -> ImportanceMatrix.describe(file, rules.importance(), lines));
        return new WeightPlan(FileType.target(type).orElseThrow(), lines.toString(), matrix);
    }

    private static TensorType type(String name, Optional<Path> matrix) {
        var upper = name.toUpperCase(Locale.ROOT);
        for (var type : TensorType.values()) {
            if (type.name().equals(upper) && type.isTarget()) {
                requireImportance(upper, matrix);
                return type;
            }
        }
        throw new InvalidRequest("unsupported tensor type " + name + " - supported types are " + TensorType.targets());
    }

    private static void requireImportance(String type, Optional<Path> matrix) {
        if (matrix.isEmpty() && FileType.needsImportance(type)) {
            throw new InvalidRequest("quantization type " + type
                    + " needs an importance matrix: give one, as llama-imatrix makes it of the model and a text"
                    + " (--imatrix FILE), or take IQ3_S, Q2_K or a larger type");
        }
    }
}
