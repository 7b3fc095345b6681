// SPDX-License-Identifier: Apache-2.0
package dev.puna.scheduling.plan;

import dev.puna.device.Placement;
import dev.puna.engine.EngineSpec;
import java.util.LinkedHashMap;
import java.util.function.IntToLongFunction;

/**
 * The memory that a model will take, loaded in one way. Pure.
 *
 * <p>The weights take what their tensors take, the KV cache what its cells hold, and the compute buffers about what the widest
 * layer of one batch does; for models with sliding windows the cache is over-estimated.
 */
final class MemoryEstimate {
    private static final long MIB = 1L << 20;

    /** Compute buffers hold about this many numbers of the model's width, and of its inner layers, for each token. */
    private static final int WIDE_TENSORS = 10;

    private static final int INNER_TENSORS = 3;

    private static final long SMALL_BUFFERS = 32 * MIB;

    /** Rows of logits that a step may have beside those of its sequences. */
    private static final int GUESSES = 15;

    /** Bytes of compute buffers of a projector, beside its weights: a few hundred megabytes for large ones. */
    private static final long IMAGES = 256 * MIB;

    /** Bytes of system memory that a model on GPUs takes, beside the weights that stay there. */
    private static final long HOST_BUFFERS = 64 * MIB;

    private final ModelWeights weights;
    private final EngineSpec spec;

    /**
     * @param spec how the model is to be loaded, its placement aside
     */
    MemoryEstimate(ModelWeights weights, EngineSpec spec) {
        this.weights = weights;
        this.spec = spec;
    }

    /** The number of layers; the output counts as the last one. */
    int layers() {
        return weights.blocks() + 1;
    }

    /** Bytes that a layer with its part of the cache takes on a device. */
    long onDevice(int layer) {
        return layer == weights.blocks()
                ? weights.tensors().outputOnDevice()
                : weights.tensors().layers().get(layer) + cache(layer);
    }

    /** Bytes that each device with layers takes beside them. */
    long computing() {
        var tokens = (long) (weights.embeds() ? Math.max(spec.batchSize(), spec.contextLength()) : spec.batchSize());
        var activations = WIDE_TENSORS * weights.width() + INNER_TENSORS * weights.feedForward();
        var mask = weights.embeds() ? spec.contextLength() : spec.cells();
        var logits = weights.vocabulary() * (spec.sequences() + (weights.embeds() ? 0 : GUESSES));
        return SMALL_BUFFERS + Float.BYTES * (tokens * (activations + mask) + logits);
    }

    /** Bytes of seeing or hearing, on the first device or, where there is none, the CPU. */
    long projector() {
        return weights.files().projector().isPresent() ? weights.tensors().projector() + IMAGES : 0;
    }

    /** The memory of the whole model with its layers in the given places. */
    MemoryRequirement with(Placement placement) {
        var byDevice = new LinkedHashMap<String, Long>();
        var layer = layers() - placement.layers();
        var host = weights.tensors().input() + sum(layer, this::onHost);
        for (var share : placement.shares()) {
            var first = layer;
            var extra = byDevice.isEmpty() ? projector() : 0;
            byDevice.put(share.device(), extra + computing() + sum(share.layers(), offset -> onDevice(first + offset)));
            layer += share.layers();
        }
        return new MemoryRequirement(host + (byDevice.isEmpty() ? computing() + projector() : HOST_BUFFERS), byDevice);
    }

    private long onHost(int layer) {
        return layer == weights.blocks()
                ? weights.tensors().output()
                : weights.tensors().layers().get(layer) + cache(layer);
    }

    private static long sum(int layers, IntToLongFunction bytes) {
        var sum = 0L;
        for (var layer = 0; layer < layers; layer++) {
            sum += bytes.applyAsLong(layer);
        }
        return sum;
    }

    private long cache(int layer) {
        var cells = weights.embeds() ? Math.max(spec.batchSize(), spec.contextLength()) : spec.cells();
        var bits =
                switch (spec.cacheType()) {
                    case "q8_0" -> 34 * 8 / 32.0;
                    case "q4_0" -> 18 * 8 / 32.0;
                    default -> 16.0;
                };
        return (long) (weights.cacheElements().get(layer) * cells * (bits / 8));
    }
}
