// SPDX-License-Identifier: Apache-2.0
package dev.puna.support;

import java.util.Arrays;
import java.util.Random;

/**
 * Projectors too small to be of use but whole: what {@link TinyGguf} sees through them is nonsense, always the same for the
 * same seed and image.
 */
public final class TinyProjector {
    /** Cells of the cache that an image takes. */
    public static final int TOKENS = 16;

    private static final int TEXT_WIDTH = 64;
    private static final int WIDTH = 32;
    private static final int FEED_FORWARD = 64;
    private static final int BLOCKS = 2;
    private static final int PATCH = 4;

    private final TestGguf file;
    private final Random random;

    private TinyProjector(String kind, int imageSize, long seed) {
        this.random = new Random(seed);
        this.file = new TestGguf()
                .text("general.architecture", "clip")
                .text("general.type", "mmproj")
                .text("general.name", "Tiny eyes")
                .uint32("general.file_type", 0)
                .bool("clip.has_vision_encoder", true)
                .text("clip.projector_type", kind)
                .bool("clip.use_gelu", true)
                .uint32("clip.vision.embedding_length", WIDTH)
                .uint32("clip.vision.feed_forward_length", FEED_FORWARD)
                .uint32("clip.vision.block_count", BLOCKS)
                .uint32("clip.vision.projection_dim", TEXT_WIDTH)
                .uint32("clip.vision.attention.head_count", 4)
                .float32("clip.vision.attention.layer_norm_epsilon", 1e-5f)
                .uint32("clip.vision.image_size", imageSize)
                .uint32("clip.vision.patch_size", PATCH)
                .float32s("clip.vision.image_mean", 0.5f, 0.5f, 0.5f)
                .float32s("clip.vision.image_std", 0.5f, 0.5f, 0.5f);
    }

    /** Eyes like those of Gemma 3: the tokens of an image see each other. */
    public static TestGguf gemma(long seed) {
        var eyes = new TinyProjector("gemma3", 32, seed);
        eyes.file.uint32("clip.vision.projector.scale_factor", 2);
        eyes.encoder(64);
        eyes.ones("mm.soft_emb_norm.weight", WIDTH);
        eyes.random("mm.input_projection.weight", TEXT_WIDTH, WIDTH);
        return eyes.file;
    }

    /** Eyes like those of LLaVA: an image is read like text. */
    public static TestGguf llava(long seed) {
        var eyes = new TinyProjector("mlp", 16, seed);
        eyes.encoder(TOKENS);
        eyes.random("mm.0.weight", WIDTH, TEXT_WIDTH);
        eyes.random("mm.0.bias", TEXT_WIDTH);
        eyes.random("mm.2.weight", TEXT_WIDTH, TEXT_WIDTH);
        eyes.random("mm.2.bias", TEXT_WIDTH);
        return eyes.file;
    }

    /** Eyes like those of Qwen2-VL, for {@link TinyGguf#qwen2vl}: an image of 40 x 40 pixels takes 5 x 5 tokens. */
    public static TestGguf qwen(long seed) {
        var eyes = new TinyProjector("qwen2vl_merger", 40, seed);
        eyes.random("v.patch_embd.weight", PATCH, PATCH, 3, WIDTH);
        eyes.random("v.patch_embd.weight.1", PATCH, PATCH, 3, WIDTH);
        eyes.blocks();
        for (var block = 0; block < BLOCKS; block++) {
            for (var part : new String[] {"q", "k", "v"}) {
                eyes.random("v.blk.%d.attn_%s.bias".formatted(block, part), WIDTH);
            }
        }
        eyes.random("mm.0.weight", 4 * WIDTH, 4 * WIDTH);
        eyes.random("mm.0.bias", 4 * WIDTH);
        eyes.random("mm.2.weight", 4 * WIDTH, TEXT_WIDTH);
        eyes.random("mm.2.bias", TEXT_WIDTH);
        return eyes.file;
    }

    private void encoder(int patches) {
        random("v.patch_embd.weight", PATCH, PATCH, 3, WIDTH);
        random("v.patch_embd.bias", WIDTH);
        random("v.position_embd.weight", WIDTH, patches);
        blocks();
    }

    private void blocks() {
        for (var block = 0; block < BLOCKS; block++) {
            var prefix = "v.blk." + block + ".";
            norm(prefix + "ln1");
            norm(prefix + "ln2");
            random(prefix + "attn_q.weight", WIDTH, WIDTH);
            random(prefix + "attn_k.weight", WIDTH, WIDTH);
            random(prefix + "attn_v.weight", WIDTH, WIDTH);
            random(prefix + "attn_out.weight", WIDTH, WIDTH);
            random(prefix + "ffn_up.weight", WIDTH, FEED_FORWARD);
            random(prefix + "ffn_up.bias", FEED_FORWARD);
            random(prefix + "ffn_down.weight", FEED_FORWARD, WIDTH);
            random(prefix + "ffn_down.bias", WIDTH);
        }
        norm("v.post_ln");
    }

    private void norm(String name) {
        ones(name + ".weight", WIDTH);
        random(name + ".bias", WIDTH);
    }

    private void ones(String name, int width) {
        var values = new float[width];
        Arrays.fill(values, 1);
        file.tensor(name, new long[] {width}, values);
    }

    private void random(String name, long... shape) {
        var values = new float[(int) Arrays.stream(shape).reduce(1, (a, b) -> a * b)];
        for (var i = 0; i < values.length; i++) {
            values[i] = (float) (random.nextGaussian() * 0.3);
        }
        file.tensor(name, shape, values);
    }
}
