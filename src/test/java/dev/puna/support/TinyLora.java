// SPDX-License-Identifier: Apache-2.0
package dev.puna.support;

import java.util.Random;

/** LoRA adapters for {@link TinyGguf#llama}, strong enough that every answer changes. */
public final class TinyLora {
    private static final int WIDTH = 64;
    private static final int FEED_FORWARD = 128;
    private static final int RANK = 4;

    private TinyLora() {}

    /** An adapter that fits. */
    public static TestGguf fitting(long seed) {
        var random = new Random(seed);
        var adapter = header("llama");
        pair(adapter, "blk.0.attn_q.weight", random, WIDTH, WIDTH);
        pair(adapter, "blk.0.ffn_down.weight", random, FEED_FORWARD, WIDTH);
        pair(adapter, "blk.1.ffn_down.weight", random, FEED_FORWARD, WIDTH);
        return adapter;
    }

    /** An adapter that says for which architecture it is, and holds nothing yet. */
    public static TestGguf header(String architecture) {
        return new TestGguf()
                .text("general.type", "adapter")
                .text("general.architecture", architecture)
                .text("adapter.type", "lora")
                .float32("adapter.lora.alpha", 2 * RANK);
    }

    /** Two matrices whose product is {@code width} wide and {@code height} high. */
    public static void pair(TestGguf adapter, String weight, Random random, int width, int height) {
        adapter.tensor(weight + ".lora_a", new long[] {width, RANK}, values(random, width * RANK));
        adapter.tensor(weight + ".lora_b", new long[] {RANK, height}, values(random, RANK * height));
    }

    private static float[] values(Random random, int count) {
        var values = new float[count];
        for (var i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }
}
