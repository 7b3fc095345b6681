// SPDX-License-Identifier: Apache-2.0
package dev.puna.llama.settings;

import java.util.Arrays;

/** How the vectors of a sequence's tokens become one. */
public enum Pooling {
    NONE(0),
    MEAN(1),
    CLS(2),
    LAST(3),
    /** The score of a reranking model. */
    RANK(4);

    /** llama.cpp's {@code LLAMA_POOLING_TYPE_UNSPECIFIED}: what the model itself says. */
    public static final int OF_THE_MODEL = -1;

    private final int code;

    Pooling(int code) {
        this.code = code;
    }

    public int code() {
        return code;
    }

    public static Pooling of(int code) {
        return Arrays.stream(values())
                .filter(pooling -> pooling.code == code)
                .findFirst()
                .orElse(NONE);
    }
}
