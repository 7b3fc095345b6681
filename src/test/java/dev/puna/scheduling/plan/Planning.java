// SPDX-License-Identifier: Apache-2.0
package dev.puna.scheduling.plan;

import dev.puna.device.ComputeDevice;
import dev.puna.device.ComputeDevice.Kind;
import dev.puna.model.RunnerOptions;
import dev.puna.settings.Settings;
import dev.puna.support.TestModelFiles;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/** Models, machines and planners that the tests of plans share. */
final class Planning {
    static final long GIB = 1L << 30;

    static final List<ComputeDevice> CPU =
            List.of(new ComputeDevice("CPU", "CPU", "some", Kind.CPU, "", 16 * GIB, 16 * GIB));

    /** Of the size of an 8B model in 4 bits: 32 layers, 8 heads of 128 for keys and values. */
    static final ModelWeights LARGE = new ModelWeights(
            TestModelFiles.of(List.of(Path.of("large.gguf"))),
            tensors(47 * GIB / 10, 32),
            131_072,
            4096,
            14_336,
            128_256,
            Collections.nCopies(32, 8 * 256L),
            false);

    static final ModelWeights EMBEDDING = new ModelWeights(
            TestModelFiles.of(List.of(Path.of("embed.gguf"))),
            tensors(46 << 20, 6),
            512,
            384,
            1536,
            30_522,
            Collections.nCopies(6, 12 * 64L),
            true);

    /** Weights of which all layers, and the output, take the same. */
    static TensorBytes tensors(long bytes, int blocks) {
        var each = bytes / (blocks + 2);
        return new TensorBytes(each, Collections.nCopies(blocks, each), each, each, 0);
    }

    static List<ComputeDevice> gpu(long gib) {
        return List.of(cuda(0, gib), CPU.getFirst());
    }

    static ComputeDevice cuda(int number, long gib) {
        var bytes = gib * GIB;
        return new ComputeDevice("CUDA" + number, "CUDA", "some", Kind.DISCRETE, "0000:0" + number, bytes, bytes);
    }

    static LoadPlan plan(ModelWeights weights, RunnerOptions options, MachineState machine) {
        return planner().plan("m", weights, options, machine);
    }

    static List<ComputeDevice> gpus(long... gib) {
        return IntStream.range(0, gib.length)
                .mapToObj(number -> cuda(number, gib[number]))
                .toList();
    }

    static MachineState machine(List<ComputeDevice> devices, long hostBytes) {
        return new MachineState(devices, hostBytes, 4);
    }

    static LoadPlanner planner(String... variables) {
        var environment = new HashMap<String, String>();
        for (var i = 0; i < variables.length; i += 2) {
            environment.put(variables[i], variables[i + 1]);
        }
        return new LoadPlanner(Settings.from(environment));
    }

    static RunnerOptions context(int tokens) {
        return RunnerOptions.DEFAULT.withContext(tokens);
    }

    static RunnerOptions gpuLayers(int layers) {
        return new RunnerOptions(
                OptionalInt.empty(), OptionalInt.empty(), layers, OptionalInt.empty(), Optional.empty(), 0);
    }

    private Planning() {}
}
