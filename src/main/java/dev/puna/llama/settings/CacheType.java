// SPDX-License-Identifier: Apache-2.0
package dev.puna.llama.settings;

/** The number format of the key-value cache. */
public enum CacheType {
    F16(1),
    /** Half of F16's size, nearly its quality. */
    Q8_0(8),
    /** A quarter of F16's size. */
    Q4_0(2);

    private final int code;

    CacheType(int code) {
        this.code = code;
    }

    /** Its {@code ggml_type}. */
    public int code() {
        return code;
    }
}
