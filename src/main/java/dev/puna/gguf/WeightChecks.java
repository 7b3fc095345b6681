// SPDX-License-Identifier: Apache-2.0
package dev.puna.gguf;

import dev.puna.failure.InvalidRequest;
import java.util.EnumSet;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Refuses weights of a type for which ggml v0.5.0 has no code where it uses them: it would end the process at the first token.
 * Sources: the operation that llama.cpp's {@code llama-arch.cpp} names for each tensor, and the types that ggml's CPU code
 * takes for it.
 */
final class WeightChecks {
    /** ggml has no product, and mostly no row, of these. */
    private static final Set<TensorType> NOT_MULTIPLIED = EnumSet.of(
            TensorType.I8,
            TensorType.I16,
            TensorType.I32,
            TensorType.I64,
            TensorType.F64,
            TensorType.Q8_1,
            TensorType.Q8_K);

    /** Tables of numbers of tokens or experts. */
    private static final Pattern NUMBERS = Pattern.compile(".*tid2eid.*|d2t(\\..*)?|masked_embd_.*");

    /**
     * What is added to vectors, or multiplied with them number by number: there is code for 32 bit only. The same holds for
     * the state spaces' short convolutions and the factors of rotations.
     */
    private static final Pattern BY_ELEMENT = Pattern.compile(
            // every bias, norm and scale
            ".*\\.bias|.*norm(_\\d|_exps|_conv|_key|_query)?\\.weight"
                    + "|(.*\\.)?(layer_output_scale|altup_correct_scale|attn_sinks|ffn\\.act)\\.weight"
                    // state spaces, and the models of the RWKV family
                    + "|(.*\\.)?(ssm_a|ssm_d|ssm_conv1d(_[qkv])?|shortconv\\.conv|ple_conv1d)(\\.weight)?"
                    + "|(.*\\.)?(time_mix_(lerp_\\w+|decay|first|ln|w0|a0|v0|k_k|k_a|r_k)|channel_mix_lerp_[kr])\\.weight"
                    // encoders of images and sounds
                    + "|[va]\\.(blk\\.\\d+\\.)?(\\w+_)?(ln\\d?|ls\\d|ln_pre|ln_post)\\.weight"
                    // rotations
                    + "|(.*\\.)?(rope_freqs|rope_factors_long|rope_factors_short)\\.weight");

    private WeightChecks() {}

    static void check(GgufFile file) {
        for (var tensor : file.tensors()) {
            if (NOT_MULTIPLIED.contains(tensor.type())
                    && !NUMBERS.matcher(tensor.name()).matches()) {
                throw refusal(tensor, "which nothing can compute with");
            }
            if (tensor.type() != TensorType.F32
                    && BY_ELEMENT.matcher(tensor.name()).matches()) {
                throw refusal(tensor, "where only F32 can be computed with");
            }
        }
    }

    private static InvalidRequest refusal(TensorInfo tensor, String reason) {
        return new InvalidRequest("GGUF tensor %s is of type %s, %s".formatted(tensor.name(), tensor.type(), reason));
    }
}
