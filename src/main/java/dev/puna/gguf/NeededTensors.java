// SPDX-License-Identifier: Apache-2.0
package dev.puna.gguf;

import dev.puna.failure.InvalidRequest;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Refuses a model without tensors that llama.cpp v0.5.0 loads as optional ones and then computes with. All others that are
 * missing it names itself. Source: the flag {@code TENSOR_NOT_REQUIRED} in its {@code models/*.cpp}, beside their graphs.
 */
final class NeededTensors {
    private static final Pattern BLOCK = Pattern.compile("blk\\.(\\d{1,9})\\.(.+)");
    private static final List<String> INDEXER = List.of(
            "indexer.k_norm.weight",
            "indexer.k_norm.bias",
            "indexer.proj.weight",
            "indexer.attn_k.weight",
            "indexer.attn_q_b.weight");

    /**
     * What the blocks of some architectures need.
     *
     * @param architectures their names
     * @param where a tensor that only the blocks have of which this is true
     * @param oneOf lists of which one must be there whole
     */
    private record Need(Set<String> architectures, String where, List<List<String>> oneOf) {
        Need {
            architectures = Set.copyOf(architectures);
            oneOf = List.copyOf(oneOf);
        }
    }

    private static final List<Need> NEEDS = List.of(
            new Need(
                    Set.of("phi3"),
                    "attn_output.weight",
                    List.of(List.of("attn_qkv.weight"), List.of("attn_q.weight", "attn_k.weight", "attn_v.weight"))),
            new Need(
                    Set.of("qwen35", "qwen35moe"),
                    "ssm_out.weight",
                    List.of(List.of("attn_qkv.weight", "attn_gate.weight"))),
            new Need(
                    Set.of("qwen3next"),
                    "ssm_out.weight",
                    List.of(List.of("attn_qkv.weight", "attn_gate.weight"), List.of("ssm_in.weight"))),
            new Need(
                    Set.of("falcon-h1", "granitehybrid", "nemotron_h", "nemotron_h_moe"),
                    "ssm_conv1d.weight",
                    List.of(List.of("ssm_conv1d.bias"))),
            new Need(Set.of("glm-dsa"), "indexer.attn_k.weight", List.of(INDEXER)));

    /** Those of the first block stand in for the others'. */
    private static final Map<String, List<String>> ONCE = Map.of(
            "t5", List.of("enc.blk.0.attn_rel_b.weight", "dec.blk.0.attn_rel_b.weight"),
            "t5encoder", List.of("enc.blk.0.attn_rel_b.weight"),
            "glm-dsa", INDEXER.stream().map(name -> "blk.0." + name).toList());

    private NeededTensors() {}

    /** Of a whole model, not of one part. */
    static void check(GgufFile file) {
        var architecture = file.architecture();
        var names = new HashSet<String>();
        var blocks = new HashMap<String, Set<String>>();
        for (var tensor : file.tensors()) {
            names.add(tensor.name());
            var block = BLOCK.matcher(tensor.name());
            if (block.matches()) {
                blocks.computeIfAbsent(block.group(1), _ -> new HashSet<>()).add(block.group(2));
            }
        }
        for (var need : NEEDS) {
            if (need.architectures().contains(architecture)) {
                blocks.forEach((number, block) -> require(need, number, block));
            }
        }
        for (var name : ONCE.getOrDefault(architecture, List.of())) {
            // What names no layers is no model yet, and refused when it is loaded.
            if (!names.contains(name) && names.stream().anyMatch(other -> other.contains("blk."))) {
                throw new InvalidRequest("GGUF file has no tensor " + name);
            }
        }
    }

    private static void require(Need need, String number, Set<String> block) {
        if (block.contains(need.where()) && need.oneOf().stream().noneMatch(block::containsAll)) {
            var missing = need.oneOf().getFirst().stream()
                    .filter(name -> !block.contains(name))
                    .findFirst()
                    .orElseThrow();
            throw new InvalidRequest("GGUF file has no tensor blk.%s.%s".formatted(number, missing));
        }
    }
}
