// SPDX-License-Identifier: Apache-2.0
package dev.puna.gguf;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The formats of weights that llama.cpp v0.5.0 reads ({@code ggml_type}): elements come in blocks of a fixed size.
 * Numbers that are missing here belonged to formats that are gone.
 */
public enum TensorType {
    F32(0, 1, 4),
    F16(1, 1, 2),
    Q4_0(2, 32, 18),
    Q4_1(3, 32, 20),
    Q5_0(6, 32, 22),
    Q5_1(7, 32, 24),
    Q8_0(8, 32, 34),
    Q8_1(9, 32, 36),
    Q2_K(10, 256, 84),
    Q3_K(11, 256, 110),
    Q4_K(12, 256, 144),
    Q5_K(13, 256, 176),
    Q6_K(14, 256, 210),
    Q8_K(15, 256, 292),
    IQ2_XXS(16, 256, 66),
    IQ2_XS(17, 256, 74),
    IQ3_XXS(18, 256, 98),
    IQ1_S(19, 256, 50),
    IQ4_NL(20, 32, 18),
    IQ3_S(21, 256, 110),
    IQ2_S(22, 256, 82),
    IQ4_XS(23, 256, 136),
    I8(24, 1, 1),
    I16(25, 1, 2),
    I32(26, 1, 4),
    I64(27, 1, 8),
    F64(28, 1, 8),
    IQ1_M(29, 256, 56),
    BF16(30, 1, 2),
    TQ1_0(34, 256, 54),
    TQ2_0(35, 256, 66),
    MXFP4(39, 32, 17),
    NVFP4(40, 64, 36),
    Q1_0(41, 128, 18),
    Q2_0(42, 64, 18);

    private static final Map<Integer, TensorType> BY_CODE =
            Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(TensorType::code, Function.identity()));

    private static final Set<TensorType> NO_TARGETS = EnumSet.of(Q8_1, Q8_K, I8, I16, I32, I64, F64, NVFP4);

    private final int code;
    private final int blockElements;
    private final int blockBytes;

    TensorType(int code, int blockElements, int blockBytes) {
        this.code = code;
        this.blockElements = blockElements;
        this.blockBytes = blockBytes;
    }

    /** Whether weights can be turned into this; the others are for sums on the way, for whole numbers, or only read. */
    boolean isTarget() {
        return !NO_TARGETS.contains(this);
    }

    /** The names of all that weights can be turned into, for a sentence. */
    static String targets() {
        return Arrays.stream(values())
                .filter(TensorType::isTarget)
                .map(TensorType::name)
                .collect(Collectors.joining(", "));
    }

    /** The number in the file. */
    public int code() {
        return code;
    }

    /** Elements of one block; rows hold whole blocks only. */
    public int blockElements() {
        return blockElements;
    }

    /** Bytes of one block. */
    public int blockBytes() {
        return blockBytes;
    }

    static Optional<TensorType> ofCode(long code) {
        return code >= 0 && code <= Integer.MAX_VALUE ? Optional.ofNullable(BY_CODE.get((int) code)) : Optional.empty();
    }
}
