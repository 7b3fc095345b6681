// SPDX-License-Identifier: Apache-2.0
package dev.puna.gguf;

import dev.puna.failure.InvalidRequest;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Refuses a projector without tensors, and with norms, that libmtmd v0.5.0 takes as they are and computes with. Source: its
 * {@code clip.cpp} loads most tensors as optional ones, and {@code models/llava.cpp} uses these unasked.
 */
final class ProjectorTensors {
    private static final Pattern ATTENTION = Pattern.compile("([va]\\.blk\\.\\d{1,9}\\.)attn_out\\.weight");
    private static final String PATCHES = "v.patch_embd.weight";

    /** Its first encoder hands over what the second takes for patches. */
    private static final String ENCODES_TWICE = "deepseekocr";

    private static final String OF_CONVOLUTIONS = "gemma3nv";
    private static final String STEM = "v.conv_stem.conv.weight";

    private static final List<String> OF_LLAVA = List.of("v.position_embd.weight");
    private static final Map<String, List<String>> BY_KIND = Map.of(
            "mlp", OF_LLAVA,
            "mlp_norm", OF_LLAVA,
            "ldp", OF_LLAVA,
            "ldpv2", OF_LLAVA,
            "adapter", OF_LLAVA);
    private static final List<String> TWO_LAYERS = List.of("mm.0.weight", "mm.0.bias", "mm.2.weight", "mm.2.bias");
    private static final List<String> WITH_NORMS = List.of(
            "mm.0.weight",
            "mm.0.bias",
            "mm.1.weight",
            "mm.1.bias",
            "mm.3.weight",
            "mm.3.bias",
            "mm.4.weight",
            "mm.4.bias");

    private final GgufFile file;
    private final Set<String> names;

    private ProjectorTensors(GgufFile file) {
        this.file = file;
        this.names = file.tensors().stream().map(TensorInfo::name).collect(Collectors.toSet());
    }

    static void check(GgufFile file) {
        var checks = new ProjectorTensors(file);
        checks.epsilons();
        checks.attention();
        checks.patches();
        checks.projection();
    }

    private void epsilons() {
        file.metadata().forEach((key, value) -> {
            if (key.endsWith("_epsilon")
                    && value instanceof GgufValue.Real(var _, double epsilon)
                    && !(epsilon >= 0 && epsilon < Double.POSITIVE_INFINITY)) {
                throw new InvalidRequest("GGUF key %s is out of range: %s (0 and more)".formatted(key, epsilon));
            }
        });
    }

    private void attention() {
        for (var name : names) {
            var block = ATTENTION.matcher(name);
            if (block.matches() && !names.contains(block.group(1) + "attn_qkv.weight")) {
                for (var part : List.of("attn_q.weight", "attn_k.weight", "attn_v.weight")) {
                    require(block.group(1) + part);
                }
            }
        }
    }

    private void patches() {
        if (kind().equals(OF_CONVOLUTIONS)) {
            require(STEM);
        } else if (names.contains("v.blk.0.attn_out.weight") && !kind().startsWith(ENCODES_TWICE)) {
            require(PATCHES);
            BY_KIND.getOrDefault(kind(), List.of()).forEach(this::require);
        }
    }

    private void projection() {
        if ((kind().equals("mlp") || kind().equals("mlp_norm")) && names.contains("v.blk.0.attn_out.weight")) {
            (names.contains("mm.3.weight") ? WITH_NORMS : TWO_LAYERS).forEach(this::require);
        }
    }

    private String kind() {
        var prefix = file.architecture() + ".";
        return file.text(prefix + "projector_type")
                .or(() -> file.text(prefix + "vision.projector_type"))
                .orElse("");
    }

    private void require(String name) {
        if (!names.contains(name)) {
            throw new InvalidRequest("GGUF file has no tensor " + name);
        }
    }
}
