// SPDX-License-Identifier: Apache-2.0
package dev.puna.scheduling.state;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.puna.caller.Caller;
import dev.puna.caller.Work;
import dev.puna.device.ComputeDevice;
import dev.puna.model.Digest;
import dev.puna.model.KeepAlive;
import dev.puna.model.Layer;
import dev.puna.model.MediaTypes;
import dev.puna.model.RunnerOptions;
import dev.puna.scheduling.TinyModel;
import dev.puna.scheduling.plan.MachineState;
import dev.puna.scheduling.plan.ModelWeights;
import dev.puna.scheduling.plan.TensorBytes;
import dev.puna.settings.Settings;
import dev.puna.store.InstalledModel;
import dev.puna.support.TestModelFiles;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Requests for models that are in no store, what their files would say, and machines. */
final class Requests {
    static final long MIB = 1L << 20;

    private Requests() {}

    static QueuedRequest request(long id, String name) {
        return request(id, name, RunnerOptions.DEFAULT, Optional.empty());
    }

    static QueuedRequest request(long id, String name, RunnerOptions options, Optional<KeepAlive> keepAlive) {
        return request(id, name, options, keepAlive, Work.GENERATION, Caller.NOBODY);
    }

    static QueuedRequest request(
            long id, String name, RunnerOptions options, Optional<KeepAlive> keepAlive, Work work, Caller caller) {
        var key = List.of(Digest.of(name.getBytes(UTF_8)));
        return new QueuedRequest(id, work, caller, key, model(name), options, keepAlive);
    }

    static InstalledModel model(String name) {
        var digest = Digest.of(name.getBytes(UTF_8));
        return TinyModel.of(Path.of("blobs"), name, List.of(Layer.of(MediaTypes.MODEL, digest, 1)));
    }

    /** Of two layers, with that many bytes of tensors and little else. */
    static ModelWeights weights(long bytes) {
        var each = bytes / 4;
        return new ModelWeights(
                TestModelFiles.of(List.of(Path.of("w.gguf"))),
                new TensorBytes(each, List.of(each, each), each, each, 0),
                8192,
                32,
                64,
                1000,
                List.of(64L, 64L),
                false);
    }

    /** Without GPUs. */
    static MachineState machine(long free) {
        return new MachineState(
                List.of(new ComputeDevice("CPU", "CPU", "some", ComputeDevice.Kind.CPU, "", free, free)),
                Math.max(0, free),
                2);
    }

    static Settings settings(String... variables) {
        var environment = new HashMap<>(Map.of("PUNA_THREADS", "2"));
        for (var i = 0; i < variables.length; i += 2) {
            environment.put(variables[i], variables[i + 1]);
        }
        return Settings.from(environment);
    }
}
