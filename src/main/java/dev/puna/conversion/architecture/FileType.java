// SPDX-License-Identifier: Apache-2.0
package dev.puna.conversion.architecture;

import dev.puna.gguf.TensorType;

/** What most weights of a file have as their type. Source: {@code llama_ftype} of llama.cpp. */
public enum FileType {
    F32(0, TensorType.F32),
    F16(1, TensorType.F16),
    BF16(32, TensorType.BF16),
    /** Experts of four bits; what is not packed has the type of the model's other weights. */
    MXFP4(38, TensorType.BF16);

    private final int code;
    private final TensorType tensors;

    FileType(int code, TensorType tensors) {
        this.code = code;
        this.tensors = tensors;
    }

    /** The number in the file. */
    public int code() {
        return code;
    }

    /** The type of tensors of which nothing else is known. */
    public TensorType tensors() {
        return tensors;
    }
}
