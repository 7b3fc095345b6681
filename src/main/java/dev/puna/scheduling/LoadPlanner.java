// SPDX-License-Identifier: Apache-2.0
package dev.puna.scheduling;

import dev.puna.engine.ComputeDevice;
import dev.puna.engine.EngineSpec;
import dev.puna.engine.ModelFiles;
import dev.puna.model.RunnerOptions;
import dev.puna.settings.Settings;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Decides how a model is loaded: what the request leaves open is chosen by the memory there is. Pure.
 *
 * <p>The weights take the length of their files, the KV cache what its cells hold, and the compute buffers about what the
 * widest layer of one batch does; for models with sliding windows the cache is over-estimated. Sources: contract 2 (context
 * by GPU memory) and 7 (placement).
 */
final class LoadPlanner {
    private static final long MIB = 1L << 20;
    private static final long GIB = 1L << 30;
    private static final int BATCH = 512;
    private static final int MOST_SEQUENCES = 8;
    private static final int LONGEST_EMBEDDED_TEXT = 8192;

    /** Part of a GPU's free memory to plan with: drivers and fragments take some. */
    private static final double USABLE = 0.9;

    /** Compute buffers hold about this many numbers of the model's width, and of its inner layers, for each token. */
    private static final int WIDE_TENSORS = 10;

    private static final int INNER_TENSORS = 3;

    /** What a projector computes in, beside its weights: a few hundred megabytes for the large ones. */
    private static final long PICTURES = 256 * MIB;

    /** What the system keeps of a model that runs on GPUs. */
    private static final long HOST_BUFFERS = 64 * MIB;

    /** The limit of llama.cpp. */
    private static final int SEQUENCES_OF_A_CONTEXT = 256;

    private static final int ALL_LAYERS = -1;

    private final Settings settings;

    LoadPlanner(Settings settings) {
        this.settings = settings;
    }

    /** The most models to keep in memory together, at least 1. */
    int mostModels(List<ComputeDevice> devices) {
        var gpus = (int) devices.stream().filter(ComputeDevice::gpu).count();
        return settings.maxLoadedModels().orElse(3 * Math.max(1, gpus));
    }

    /** The best plan that fits, or the smallest one if none does. */
    LoadPlan plan(String name, ModelWeights weights, RunnerOptions options, MachineState machine) {
        var plans = plans(name, weights, options, machine);
        return plans.stream().filter(LoadPlan::fits).findFirst().orElseGet(plans::getLast);
    }

    /** The plan that needs least: for a second try, when a better one has turned out to need more than was thought. */
    LoadPlan smallest(String name, ModelWeights weights, RunnerOptions options, MachineState machine) {
        return plans(name, weights, options, machine).getLast();
    }

    private List<LoadPlan> plans(String name, ModelWeights weights, RunnerOptions options, MachineState machine) {
        var all = room(options, machine);
        var one = oneGpu(options, machine);
        return contexts(weights, options, all)
                .boxed()
                .flatMap(context -> Stream.concat(
                        one.stream()
                                .flatMap(gpu -> attempts(name, weights, gpu, context, room(gpu, machine)))
                                .filter(plan -> plan.spec().gpuLayers() == ALL_LAYERS && plan.fits())
                                .map(plan -> plan.askedBy(options)),
                        attempts(name, weights, options, context, all)))
                .toList();
    }

    private Stream<LoadPlan> attempts(
            String name, ModelWeights weights, RunnerOptions options, int context, Room room) {
        return sequences().mapToObj(count -> attempt(name, weights, options, context, count, room));
    }

    /** The options with the one GPU that has most room, where one may do for a model and there are several. */
    private Optional<RunnerOptions> oneGpu(RunnerOptions options, MachineState machine) {
        var gpus = machine.devices().stream().filter(ComputeDevice::gpu).toList();
        return settings.spreads() || options.mainGpu().isPresent() || gpus.size() < 2
                ? Optional.empty()
                : IntStream.range(0, gpus.size())
                        .boxed()
                        .max(Comparator.comparing(gpu -> gpus.get(gpu).freeBytes()))
                        .map(options::onGpu);
    }

    /** What there is to use; no GPUs when the request or the settings want the CPU. */
    private Room room(RunnerOptions options, MachineState machine) {
        var cpuOnly = settings.llmLibrary()
                .filter(library -> library.startsWith("cpu"))
                .isPresent();
        var all = machine.devices().stream()
                .filter(device -> device.gpu() && options.numGpu() != 0 && !cpuOnly)
                .toList();
        var one = options.mainGpu().orElse(-1);
        var gpus = one >= 0 && one < all.size() ? List.of(all.get(one)) : all;
        var overhead = settings.gpuOverhead() * gpus.size();
        var free = gpus.stream().mapToLong(ComputeDevice::freeBytes).sum();
        var total = gpus.stream().mapToLong(ComputeDevice::totalBytes).sum();
        return new Room(!gpus.isEmpty(), Math.max(0, (long) (USABLE * free) - overhead), total - overhead, machine);
    }

    /** The context asked for, or those that may be chosen, the longest first. */
    private IntStream contexts(ModelWeights weights, RunnerOptions options, Room room) {
        var asked = options.numCtx().isPresent() ? options.numCtx() : settings.contextLength();
        if (weights.embeds()) {
            return IntStream.of(asked.orElse(LONGEST_EMBEDDED_TEXT));
        }
        return asked.isPresent()
                ? asked.stream()
                : IntStream.of(262_144, 32_768, 4_096)
                        .filter(context -> context == 4_096 || room.gpuTotal >= (context == 32_768 ? 23 : 47) * GIB);
    }

    private IntStream sequences() {
        var asked = settings.numParallel();
        return asked.isPresent()
                ? IntStream.of(Math.min(asked.getAsInt(), SEQUENCES_OF_A_CONTEXT))
                : IntStream.iterate(MOST_SEQUENCES, count -> count > 0, count -> count - 1);
    }

    private LoadPlan attempt(
            String name, ModelWeights weights, RunnerOptions options, int context, int sequences, Room room) {
        var longest = weights.trainedContext() > 0 ? weights.trainedContext() : Integer.MAX_VALUE;
        var spec = new EngineSpec(
                name,
                new ModelFiles(weights.files(), weights.adapters(), weights.projector()),
                LoadPlan.bounded(context, longest, weights.projector().isPresent()),
                sequences,
                options.numBatch().orElse(BATCH),
                options.numThread() > 0 ? options.numThread() : room.machine.threads(),
                0,
                room.gpus ? options.mainGpu() : OptionalInt.empty(),
                options.useMmap().orElse(true),
                settings.kvCacheType(),
                settings.flashAttention());
        var layers = room.gpus ? gpuLayers(weights, options, spec, room) : 0;
        var need = need(weights, spec, layers);
        // More than one sequence is a comfort, for which a fifth is left to other models and programs.
        var comfort = sequences > 1 && settings.numParallel().isEmpty();
        var host = comfort ? room.machine.hostBytes() / 5 * 4 : room.machine.hostBytes();
        return new LoadPlan(
                withGpuLayers(spec, layers > weights.blocks() ? ALL_LAYERS : layers),
                options,
                room.gpus,
                longest,
                room.machine.threads(),
                need,
                need.host() <= host && need.devices() <= room.gpuFree);
    }

    /** Layers that fit the GPUs, the output counting as one more; or those asked for. */
    private static int gpuLayers(ModelWeights weights, RunnerOptions options, EngineSpec spec, Room room) {
        var all = weights.blocks() + 1;
        if (options.numGpu() > 0) {
            return Math.min(options.numGpu(), all);
        }
        var perLayer = Math.max(1, (weights.bytes() + cache(weights, spec)) / all);
        return Math.clamp((room.gpuFree - compute(weights, spec)) / perLayer, 0, all);
    }

    private static MemoryNeed need(ModelWeights weights, EngineSpec spec, int layersOnGpus) {
        var stored = weights.bytes() + cache(weights, spec);
        var compute = compute(weights, spec);
        if (layersOnGpus == 0) {
            return new MemoryNeed(stored + compute, 0);
        }
        var onGpus = stored / (weights.blocks() + 1) * layersOnGpus;
        return new MemoryNeed(stored - onGpus + HOST_BUFFERS, onGpus + compute);
    }

    private static long cache(ModelWeights weights, EngineSpec spec) {
        var cells = weights.embeds() ? Math.max(spec.batchSize(), spec.contextLength()) : spec.cells();
        var bits =
                switch (spec.cacheType()) {
                    case "q8_0" -> 34 * 8 / 32.0;
                    case "q4_0" -> 18 * 8 / 32.0;
                    default -> 16.0;
                };
        return (long) (weights.cacheElements() * cells * (bits / 8));
    }

    private static long compute(ModelWeights weights, EngineSpec spec) {
        var tokens = (long) (weights.embeds() ? Math.max(spec.batchSize(), spec.contextLength()) : spec.batchSize());
        var activations = WIDE_TENSORS * weights.width() + INNER_TENSORS * weights.feedForward();
        var mask = weights.embeds() ? spec.contextLength() : spec.cells();
        var logits = weights.vocabulary() * spec.sequences();
        var sight = weights.projector().isPresent() ? PICTURES : 0;
        return sight + 32 * MIB + Float.BYTES * (tokens * (activations + mask) + logits);
    }

    private static EngineSpec withGpuLayers(EngineSpec spec, int layers) {
        return new EngineSpec(
                spec.name(),
                spec.files(),
                spec.contextLength(),
                spec.sequences(),
                spec.batchSize(),
                spec.threads(),
                layers,
                spec.mainGpu(),
                spec.memoryMap(),
                spec.cacheType(),
                spec.flashAttention());
    }

    /**
     * What there is to use, in bytes.
     *
     * @param gpus whether there are GPUs to use
     * @param gpuFree what is free of them now, without what is to be left alone
     * @param gpuTotal what they have
     * @param machine all there is
     */
    private record Room(boolean gpus, long gpuFree, long gpuTotal, MachineState machine) {}
}
