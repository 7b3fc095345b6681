// SPDX-License-Identifier: Apache-2.0
package dev.puna.support;

import static dev.puna.support.TinyGguf.BLOCKS;
import static dev.puna.support.TinyGguf.FEED_FORWARD;
import static dev.puna.support.TinyGguf.KEY_VALUE_WIDTH;
import static dev.puna.support.TinyGguf.WIDTH;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;

/** Models like those of {@link TinyGguf} that have states which cannot be cut back. */
public final class TinyRecurrent {
    private static final int INNER = 2 * WIDTH;
    private static final int STATE = 8;
    private static final int KERNEL = 4;
    private static final int RANK = 4;

    private TinyRecurrent() {}

    /** Mamba: all layers have a state, and no tokens are kept. */
    public static TestGguf mamba(long seed) {
        var random = new Random(seed);
        var model = TinyGguf.metadata("mamba", new TestGguf(), TinyGguf.tokens(), 0)
                .uint32("mamba.ssm.conv_kernel", KERNEL)
                .uint32("mamba.ssm.inner_size", INNER)
                .uint32("mamba.ssm.state_size", STATE)
                .uint32("mamba.ssm.time_step_rank", RANK);
        var tensors = ends(random, "output_norm.weight");
        for (var block = 0; block < BLOCKS; block++) {
            var prefix = "blk." + block + ".";
            TinyGguf.ones(tensors, prefix + "attn_norm.weight");
            TinyGguf.random(tensors, prefix + "ssm_in.weight", random, WIDTH, 2 * INNER);
            TinyGguf.random(tensors, prefix + "ssm_conv1d.weight", random, KERNEL, INNER);
            TinyGguf.ones(tensors, prefix + "ssm_conv1d.bias", INNER);
            TinyGguf.random(tensors, prefix + "ssm_x.weight", random, INNER, RANK + 2 * STATE);
            TinyGguf.random(tensors, prefix + "ssm_dt.weight", random, RANK, INNER);
            TinyGguf.ones(tensors, prefix + "ssm_dt.bias", INNER);
            TinyGguf.filled(tensors, prefix + "ssm_a", -0.2f, STATE, INNER);
            TinyGguf.ones(tensors, prefix + "ssm_d", INNER);
            TinyGguf.random(tensors, prefix + "ssm_out.weight", random, INNER, WIDTH);
        }
        tensors.forEach(tensor -> tensor.accept(model));
        return model;
    }

    /**
     * LFM2: the first layer has a state, the second attention.
     *
     * @param window how far back that sees; 0 for everything
     */
    public static TestGguf lfm2(long seed, int window) {
        var random = new Random(seed);
        var model = TinyGguf.metadata("lfm2", new TestGguf(), TinyGguf.tokens(), 0, 2)
                .uint32("lfm2.shortconv.l_cache", KERNEL);
        if (window > 0) {
            model.uint32("lfm2.attention.sliding_window", window);
        }
        var tensors = ends(random, "token_embd_norm.weight");
        for (var block = 0; block < BLOCKS; block++) {
            var prefix = "blk." + block + ".";
            TinyGguf.ones(tensors, prefix + "attn_norm.weight");
            if (block == 0) {
                TinyGguf.random(tensors, prefix + "shortconv.conv.weight", random, KERNEL, WIDTH);
                TinyGguf.random(tensors, prefix + "shortconv.in_proj.weight", random, WIDTH, 3 * WIDTH);
                TinyGguf.random(tensors, prefix + "shortconv.out_proj.weight", random, WIDTH, WIDTH);
            } else {
                TinyGguf.ones(tensors, prefix + "attn_q_norm.weight", WIDTH / 4);
                TinyGguf.ones(tensors, prefix + "attn_k_norm.weight", WIDTH / 4);
                TinyGguf.random(tensors, prefix + "attn_q.weight", random, WIDTH, WIDTH);
                TinyGguf.random(tensors, prefix + "attn_k.weight", random, WIDTH, KEY_VALUE_WIDTH);
                TinyGguf.random(tensors, prefix + "attn_v.weight", random, WIDTH, KEY_VALUE_WIDTH);
                TinyGguf.random(tensors, prefix + "attn_output.weight", random, WIDTH, WIDTH);
            }
            TinyGguf.ones(tensors, prefix + "ffn_norm.weight");
            TinyGguf.random(tensors, prefix + "ffn_gate.weight", random, WIDTH, FEED_FORWARD);
            TinyGguf.random(tensors, prefix + "ffn_up.weight", random, WIDTH, FEED_FORWARD);
            TinyGguf.random(tensors, prefix + "ffn_down.weight", random, FEED_FORWARD, WIDTH);
        }
        tensors.forEach(tensor -> tensor.accept(model));
        return model;
    }

    private static List<Consumer<TestGguf>> ends(Random random, String norm) {
        var tensors = new ArrayList<Consumer<TestGguf>>();
        TinyGguf.random(
                tensors, "token_embd.weight", random, WIDTH, TinyGguf.tokens().size());
        TinyGguf.ones(tensors, norm);
        return tensors;
    }
}
