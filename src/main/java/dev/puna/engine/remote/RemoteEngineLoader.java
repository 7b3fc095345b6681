// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.remote;

import dev.puna.device.ComputeDevice;
import dev.puna.engine.Engine;
import dev.puna.engine.EngineLoader;
import dev.puna.engine.EngineSpec;
import dev.puna.engine.Loading;
import dev.puna.engine.ModelFiles;
import dev.puna.engine.wire.FromRunner;
import dev.puna.engine.wire.ToRunner;
import dev.puna.failure.Cancelled;
import dev.puna.failure.NativeFailure;
import dev.puna.memory.ProcessMemory;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Loads each model into a process of its own, which ends with it. <b>Threads:</b> any.
 */
public final class RemoteEngineLoader implements EngineLoader {
    /** How long drivers may take to tell what there is. */
    private static final Duration LONGEST_LOOK = Duration.ofMinutes(2);

    private final Runner.Starter starter;
    private final Devices devices;
    private final RunnerEnvironment environment;
    private final CrashRecord crashes;

    /**
     * @param starter starts the processes
     * @param nativeLibraries the folder with the libraries that they compute with
     */
    public RemoteEngineLoader(Runner.Starter starter, Path nativeLibraries) {
        this(starter, nativeLibraries, RunnerEnvironment.real());
    }

    RemoteEngineLoader(Runner.Starter starter, Path nativeLibraries, RunnerEnvironment environment) {
        this.starter = starter;
        this.environment = environment;
        this.crashes = new CrashRecord(environment.nanos());
        this.devices = new Devices(nativeLibraries, this::probe);
    }

    @Override
    public Engine load(EngineSpec spec, Loading loading) {
        crashes.requireFew(spec.name());
        if (loading.cancelled()) {
            throw cancelled();
        }
        var channel = start(starter, environment, spec.name(), files(spec.files()), Optional.empty());
        try {
            var loaded = PendingAnswer.follow(
                    channel, FromRunner.Loaded.class, call -> new ToRunner.Load(call, spec), loading);
            crashes.forget(spec.name());
            return new RemoteEngine(channel, loaded);
        } catch (RuntimeException failed) {
            if (!loading.cancelled() && channel.hasDied()) {
                crashes.add(spec.name(), String.valueOf(failed.getMessage()));
            }
            channel.close();
            throw loading.cancelled() ? cancelled() : failed;
        }
    }

    @Override
    public List<ComputeDevice> devices() {
        return devices.now();
    }

    @Override
    public void trimMemory() {
        ProcessMemory.giveBack();
    }

    static RunnerChannel start(
            Runner.Starter starter,
            RunnerEnvironment environment,
            String name,
            List<Path> readable,
            Optional<Path> written) {
        try {
            return RunnerChannel.open(name, starter.start(readable, written), environment);
        } catch (IOException refused) {
            throw new NativeFailure("cannot start a process for '" + name + "': " + refused.getMessage(), refused);
        }
    }

    private List<ComputeDevice> probe() {
        try (var channel = start(starter, environment, "devices", List.of(), Optional.empty())) {
            var found = channel.within(LONGEST_LOOK, "found what there is to compute on");
            try {
                return PendingAnswer.ask(channel, FromRunner.Devices.class, ToRunner.Devices::new)
                        .await()
                        .devices();
            } finally {
                found.run();
            }
        }
    }

    private static List<Path> files(ModelFiles files) {
        return Stream.of(files.weights().stream(), files.adapters().stream(), files.projector().stream())
                .flatMap(paths -> paths)
                .toList();
    }

    private static Cancelled cancelled() {
        return new Cancelled("loading was cancelled");
    }
}
