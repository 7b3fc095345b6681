// SPDX-License-Identifier: Apache-2.0
package dev.puna.scheduling.plan;

import dev.puna.device.ComputeDevice;
import dev.puna.device.Placement;
import dev.puna.engine.EngineSpec;
import dev.puna.model.RunnerOptions;
import dev.puna.settings.Settings;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Decides how a model is loaded: what the request leaves open is chosen by the memory there is. Pure.
 *
 * <p>A model goes to GPUs whole if it can, with fewer sequences or a shorter context if need be; else as many layers as fit go
 * there. Sources: contract 2 (context by GPU memory), contract 7.6 (placement).
 */
public final class LoadPlanner {
    private static final long GIB = 1L << 30;
    private static final int BATCH = 512;
    private static final int MOST_SEQUENCES = 8;
    private static final int LONGEST_EMBEDDED_TEXT = 8192;
    private static final int USUAL_CONTEXT = 4096;

    /** The most sequences that llama.cpp takes. */
    private static final int SEQUENCES_OF_A_CONTEXT = 256;

    private final Settings settings;

    /** Plans with what these settings say of models, contexts, sequences and GPUs. */
    public LoadPlanner(Settings settings) {
        this.settings = settings;
    }

    /** The most models to keep in memory together, at least 1. */
    public int mostModels(List<ComputeDevice> devices) {
        var gpus = Gpus.of(devices, OptionalInt.empty(), 0).usable().size();
        return settings.maxLoadedModels().orElse(3 * Math.max(1, gpus));
    }

    /** The best plan that fits, or the smallest one if none does. */
    public LoadPlan plan(String name, ModelWeights weights, RunnerOptions options, MachineState machine) {
        var plans = plans(name, weights, options, machine);
        return plans.stream().filter(LoadPlan::fits).findFirst().orElseGet(plans::getLast);
    }

    /**
     * A plan that needs less than one that has turned out to need more than was thought: one sequence, then a shorter context,
     * then half the layers on GPUs, then none; as far as the request leaves that open. Nothing where there is nothing left to cut.
     */
    public Optional<LoadPlan> smaller(LoadPlan failed, ModelWeights weights, MachineState machine) {
        var options = failed.asked();
        var one = new Attempt(failed.spec().name(), weights, options, machine, gpus(options, machine));
        var context = failed.spec().contextLength();
        var placement = failed.spec().placement();
        if (failed.spec().sequences() > 1 && settings.numParallel().isEmpty()) {
            return Optional.of(one.plan(context, 1, placement));
        }
        var shorter = contexts(weights, options, one.gpus)
                .filter(tier -> tier < context)
                .findFirst();
        if (shorter.isPresent()) {
            return Optional.of(one.plan(shorter.getAsInt(), failed.spec().sequences(), placement));
        }
        if (placement.layers() == 0 || options.numGpu() > 0) {
            return Optional.empty();
        }
        var layers = placement.layers() > weights.blocks() / 2 ? placement.layers() / 2 : 0;
        var sequences = failed.spec().sequences();
        var estimate = one.estimate(context, sequences);
        return Optional.of(one.plan(context, sequences, layers == 0 ? Placement.CPU : one.gpus.some(estimate, layers)));
    }

    /** What a person can change so that a model fits for which there is no room, to be read after the failure's sentence. */
    public String advice(LoadPlan failed, ModelWeights weights, MachineState machine) {
        var asked = failed.asked();
        var spec = failed.spec();
        var shorter = IntStream.iterate(
                        Integer.highestOneBit(spec.contextLength() - 1), half -> half >= 256, half -> half / 2)
                .mapToObj(context -> new Change("num_ctx " + context, asked.withContext(context)));
        var others = Stream.of(
                        new Change("num_batch " + BATCH, asked.withBatch(BATCH)),
                        new Change("num_gpu -1", asked.withGpuLayers(-1)))
                .filter(change -> !change.options().equals(asked));
        return Stream.concat(others, shorter)
                .flatMap(change -> {
                    var plan = plan(spec.name(), weights, change.options(), machine);
                    return plan.fits() && plan.spec().contextLength() <= spec.contextLength()
                            ? Stream.of("; with %s it would need %s"
                                    .formatted(
                                            change.text(),
                                            MemoryRequirement.text(plan.need().total())))
                            : Stream.empty();
                })
                .findFirst()
                .orElse("; a smaller model or one with fewer bits for each weight may fit");
    }

    /** An option to set, and those of a request with it. */
    private record Change(String text, RunnerOptions options) {}

    /** All plans, from the best to the smallest. */
    private List<LoadPlan> plans(String name, ModelWeights weights, RunnerOptions options, MachineState machine) {
        var attempt = new Attempt(name, weights, options, machine, gpus(options, machine));
        var contexts = contexts(weights, options, attempt.gpus).boxed().toList();
        if (attempt.gpus.isEmpty()) {
            return each(contexts, attempt::onCpu);
        }
        if (options.numGpu() > 0) {
            return each(contexts, attempt::asAsked);
        }
        var shortest = contexts.subList(contexts.size() - 1, contexts.size());
        return Stream.of(
                        each(contexts, attempt::onGpus),
                        each(shortest, attempt::onGpusInPart),
                        each(shortest, attempt::onCpu))
                .flatMap(List::stream)
                .toList();
    }

    private Gpus gpus(RunnerOptions options, MachineState machine) {
        return options.numGpu() == 0
                ? Gpus.NONE
                : Gpus.of(machine.devices(), options.mainGpu(), settings.gpuOverhead());
    }

    private List<LoadPlan> each(List<Integer> contexts, Shape shape) {
        return contexts.stream()
                .flatMap(context -> sequences().mapToObj(count -> shape.plan(context, count)))
                .flatMap(Optional::stream)
                .toList();
    }

    /** The context asked for, or those that may be chosen, the longest first. */
    private IntStream contexts(ModelWeights weights, RunnerOptions options, Gpus gpus) {
        return options.numCtx().isPresent() ? options.numCtx().stream() : usualContexts(weights, gpus);
    }

    /** The contexts of requests that leave it open. */
    private IntStream usualContexts(ModelWeights weights, Gpus gpus) {
        var set = settings.contextLength();
        if (weights.embeds()) {
            return IntStream.of(set.orElse(LONGEST_EMBEDDED_TEXT));
        }
        var total = gpus.totalBytes() - settings.gpuOverhead() * gpus.usable().size();
        return set.isPresent()
                ? set.stream()
                : IntStream.of(262_144, 32_768, USUAL_CONTEXT)
                        .filter(context -> context == USUAL_CONTEXT || total >= (context == 32_768 ? 23 : 47) * GIB);
    }

    private IntStream sequences() {
        var asked = settings.numParallel();
        return asked.isPresent()
                ? IntStream.of(Math.min(asked.getAsInt(), SEQUENCES_OF_A_CONTEXT))
                : IntStream.iterate(MOST_SEQUENCES, count -> count > 0, count -> count - 1);
    }

    /** A plan for a context and a number of sequences, if there can be one. */
    private interface Shape {
        Optional<LoadPlan> plan(int context, int sequences);
    }

    /** The inputs from which a plan is made. */
    private final class Attempt {
        private final String name;
        private final ModelWeights weights;
        private final RunnerOptions options;
        private final MachineState machine;
        private final Gpus gpus;
        private final int longest;

        Attempt(String name, ModelWeights weights, RunnerOptions options, MachineState machine, Gpus gpus) {
            this.name = name;
            this.weights = weights;
            this.options = options;
            this.machine = machine;
            this.gpus = gpus;
            this.longest = weights.trainedContext() > 0 ? weights.trainedContext() : Integer.MAX_VALUE;
        }

        Optional<LoadPlan> onCpu(int context, int sequences) {
            return Optional.of(plan(context, sequences, Placement.CPU));
        }

        Optional<LoadPlan> onGpus(int context, int sequences) {
            return gpus.whole(estimate(context, sequences), settings.spreads())
                    .map(placement -> plan(context, sequences, placement));
        }

        Optional<LoadPlan> onGpusInPart(int context, int sequences) {
            var estimate = estimate(context, sequences);
            return Optional.of(gpus.most(estimate, estimate.layers()))
                    .filter(placement -> placement.layers() > 0)
                    .map(placement -> plan(context, sequences, placement));
        }

        Optional<LoadPlan> asAsked(int context, int sequences) {
            var estimate = estimate(context, sequences);
            var layers = Math.min(options.numGpu(), estimate.layers());
            return Optional.of(plan(context, sequences, gpus.some(estimate, layers)));
        }

        LoadPlan plan(int context, int sequences, Placement placement) {
            var need = estimate(context, sequences).with(placement);
            // Several sequences are optional: for them, a fifth of the memory is left to other models and programs.
            var comfort = sequences > 1 && settings.numParallel().isEmpty();
            var host = comfort ? machine.hostBytes() / 5 * 4 : machine.hostBytes();
            var inSystem = need.host() + gpus.inSystemMemory(need);
            return new LoadPlan(
                    spec(context, sequences, placement, inSystem),
                    options,
                    machine.devices().stream().anyMatch(ComputeDevice::gpu),
                    placement.layers() > weights.blocks(),
                    longest,
                    usualContexts(weights, gpus).findFirst().orElseThrow(),
                    BATCH,
                    machine.threads(),
                    need,
                    inSystem <= host && gpus.hold(need));
        }

        private MemoryEstimate estimate(int context, int sequences) {
            return new MemoryEstimate(weights, spec(context, sequences, Placement.CPU, 0));
        }

        private EngineSpec spec(int context, int sequences, Placement placement, long hostBytes) {
            var tokens = LoadPlan.bounded(
                    context, longest, weights.files().projector().isPresent());
            return new EngineSpec(
                    name,
                    weights.files(),
                    tokens,
                    sequences,
                    LoadPlan.batch(options, BATCH, sequences, tokens),
                    options.numThread() > 0 ? options.numThread() : machine.threads(),
                    placement,
                    options.useMmap().orElse(LoadPlan.USUAL_MAP),
                    settings.kvCacheType(),
                    settings.flashAttention(),
                    hostBytes);
        }
    }
}
