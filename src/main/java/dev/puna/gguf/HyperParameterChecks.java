// SPDX-License-Identifier: Apache-2.0
package dev.puna.gguf;

import dev.puna.failure.InvalidRequest;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;

/**
 * Refuses numbers of a model that contradict each other, where llama.cpp v0.5.0 would end the process while it loads or
 * computes. Sources: {@code load_hparams} in its {@code llama-model.cpp}, and what ggml's {@code ops.cpp} asserts of rotations
 * and norms.
 */
final class HyperParameterChecks {
    private static final Set<String> SCALINGS = Set.of("none", "linear", "yarn", "longrope");
    private static final long MOST_SECTIONS = 4;
    private static final long WIDEST_SECTION = 1 << 20;

    /** Of these, llama.cpp forgets about a single expert. */
    private static final Set<String> OF_ONE_EXPERT = Set.of("hunyuan-dense", "hunyuan_vl");

    /** Their attention does without positions, or their layers without attention. */
    private static final Set<String> UNROTATED = Set.of(
            "mamba",
            "mamba2",
            "rwkv6",
            "rwkv6qwen2",
            "rwkv7",
            "arwkv7",
            "jamba",
            "granitehybrid",
            "nemotron_h",
            "nemotron_h_moe");

    /** Those that rotate by several positions of a token; all others leave the key alone. */
    private static final Set<String> OF_SEVERAL_POSITIONS =
            Set.of("qwen2vl", "qwen3vl", "qwen3vlmoe", "qwen35", "qwen35moe", "paddleocr");

    private final GgufFile file;
    private final String architecture;

    private HyperParameterChecks(GgufFile file) {
        this.file = file;
        this.architecture = file.architecture() + ".";
    }

    static void check(GgufFile file) {
        var checks = new HyperParameterChecks(file);
        checks.epsilons();
        checks.rotations();
        checks.scaling();
        checks.sections();
        checks.experts();
        checks.predictedLayers();
    }

    /** What is added to a variance before its root is taken. */
    private void epsilons() {
        file.metadata().forEach((key, value) -> {
            if (key.startsWith(architecture)
                    && key.endsWith("_epsilon")
                    && value instanceof GgufValue.Real(var _, double epsilon)
                    && !(epsilon >= 0 && epsilon < Double.POSITIVE_INFINITY)) {
                throw new InvalidRequest("GGUF key %s is out of range: %s (0 and more)".formatted(key, epsilon));
            }
        });
    }

    private void rotations() {
        var heads = file.metadata().get(architecture + "attention.head_count");
        if (heads == null || UNROTATED.contains(file.architecture())) {
            return;
        }
        // Where each layer has its own number of heads, only the file's own word tells how long they are.
        var usual = heads instanceof GgufValue.Whole(var _, long count) && count > 0
                ? whole("embedding_length", 0) / count
                : Long.MAX_VALUE;
        var head = whole("attention.key_length", usual);
        rotated("rope.dimension_count", head);
        if (whole("attention.sliding_window", 0) > 0) {
            rotated("rope.dimension_count_swa", whole("attention.key_length_swa", head));
        }
    }

    /** Pairs of a head's numbers are rotated. */
    private void rotated(String name, long head) {
        var key = architecture + name;
        var rotated = file.whole(key).orElse(2);
        if (rotated < 2
                || rotated % 2 != 0
                || (rotated > head && file.metadata().containsKey(key))) {
            throw new InvalidRequest("GGUF key %s is out of range: %d (an even number of the %d of a head)"
                    .formatted(key, rotated, head));
        }
    }

    private void scaling() {
        var key = architecture + "rope.scaling.type";
        file.text(key).filter(word -> !SCALINGS.contains(word)).ifPresent(word -> {
            throw new InvalidRequest("GGUF key %s is \"%s\", which llama.cpp does not know (%s)"
                    .formatted(
                            key,
                            word,
                            String.join(", ", SCALINGS.stream().sorted().toList())));
        });
    }

    /** How many of the rotated pairs each kind of position turns. */
    private void sections() {
        var key = architecture + "rope.dimension_sections";
        var sections = file.items(key).flatMap(GgufValue.Items::elements);
        if (sections.isEmpty() || !OF_SEVERAL_POSITIONS.contains(file.architecture())) {
            return;
        }
        var numbers = whole(sections.get()).toArray();
        if (numbers.length > MOST_SECTIONS
                || LongStream.of(numbers).anyMatch(number -> number < 0 || number > WIDEST_SECTION)
                || LongStream.of(numbers).limit(3).sum() == 0) {
            throw new InvalidRequest(
                    "GGUF key %s must hold at most %d numbers, not all 0".formatted(key, MOST_SECTIONS));
        }
    }

    private void experts() {
        var experts = whole("expert_count", 0);
        var used = mostUsed();
        if (experts == 0 && whole("expert_group_count", 0) != 0) {
            throw new InvalidRequest(
                    "GGUF key %sexpert_group_count makes groups of no experts".formatted(architecture));
        }
        if (experts == 0 || (experts == 1 && OF_ONE_EXPERT.contains(file.architecture()))) {
            return;
        }
        if (used < 1 || used > experts) {
            throw new InvalidRequest("GGUF key %sexpert_used_count is out of range: %d (1 to the %d of expert_count)"
                    .formatted(architecture, used, experts));
        }
        var groups = whole("expert_group_count", 0);
        if (groups >= experts || (groups > 1 && experts % groups != 0)) {
            throw new InvalidRequest(
                    "GGUF key %sexpert_group_count is %d, which does not divide the %d of expert_count into groups"
                            .formatted(architecture, groups, experts));
        }
        var usedGroups = whole("expert_group_used_count", 0);
        if (groups > 1 && (usedGroups < 1 || usedGroups >= groups)) {
            throw new InvalidRequest(
                    "GGUF key %sexpert_group_used_count is out of range: %d (1 to %d, since there are %d groups)"
                            .formatted(architecture, usedGroups, groups - 1, groups));
        }
    }

    /** Each layer may have its own number. */
    private long mostUsed() {
        var perLayer = file.items(architecture + "expert_used_count").flatMap(GgufValue.Items::elements);
        return perLayer.map(elements -> whole(elements).max().orElse(0)).orElseGet(() -> whole("expert_used_count", 0));
    }

    /** Layers that guess ahead are the last ones of all. */
    private void predictedLayers() {
        var blocks = whole("block_count", 0);
        var predicting = whole("nextn_predict_layers", 0);
        if (predicting < 0 || predicting > blocks) {
            throw new InvalidRequest("GGUF key %snextn_predict_layers is out of range: %d (0 to the %d of block_count)"
                    .formatted(architecture, predicting, blocks));
        }
    }

    private long whole(String name, long absent) {
        return file.whole(architecture + name).orElse(absent);
    }

    private static LongStream whole(List<GgufValue> elements) {
        return elements.stream()
                .mapToLong(value -> value instanceof GgufValue.Whole(var _, long bits) ? bits : Long.MAX_VALUE);
    }
}
