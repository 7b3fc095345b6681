// SPDX-License-Identifier: Apache-2.0
package dev.puna.llama.settings;

/** Whether attention is computed in one fused operation; a quantised cache needs it. */
public enum FlashAttention {
    /** Where the devices can. */
    AUTO(-1),
    OFF(0),
    ON(1);

    private final int code;

    FlashAttention(int code) {
        this.code = code;
    }

    /** Its {@code llama_flash_attn_type}. */
    public int code() {
        return code;
    }
}
