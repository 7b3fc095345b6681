// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.remote;

import dev.puna.device.ComputeDevice;
import dev.puna.engine.Engine;
import dev.puna.engine.EngineLoader;
import dev.puna.engine.EngineSpec;
import dev.puna.engine.Loading;
import dev.puna.engine.Refusal;
import dev.puna.engine.wire.FromRunner;
import dev.puna.engine.wire.ToRunner;
import dev.puna.failure.Cancelled;
import dev.puna.failure.InsufficientMemory;
import dev.puna.failure.NativeFailure;
import dev.puna.memory.ProcessMemory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * Loads each model into a process of its own, which ends with it. <b>Threads:</b> any.
 */
public final class RemoteEngineLoader implements EngineLoader {
    private static final Logger LOG = Logger.getLogger(RemoteEngineLoader.class);

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
        this.environment = environment;
        this.crashes = new CrashRecord(environment.nanos());
        this.devices = new Devices(nativeLibraries, starter, environment);
    }

    @Override
    public Engine load(EngineSpec spec, Loading loading) {
        crashes.requireFew(spec.name());
        if (loading.cancelled()) {
            throw cancelled();
        }
        var channel = start(devices.starter(), environment, needs(spec));
        try {
            var loaded = PendingAnswer.follow(
                    channel, FromRunner.Loaded.class, call -> new ToRunner.Load(call, spec), loading);
            crashes.forget(spec.name());
            return new RemoteEngine(channel, loaded);
        } catch (RuntimeException failed) {
            // One that ran out of memory is tried again with less of it, by who asked.
            if (!loading.cancelled() && channel.hasDied() && !(failed instanceof InsufficientMemory)) {
                crashed(spec.name(), String.valueOf(failed.getMessage()));
            }
            channel.close();
            throw loading.cancelled() ? cancelled() : failed;
        }
    }

    /** Says once that a model is refused from now on; each of its requests is told by its failure. */
    private void crashed(String model, String reason) {
        if (crashes.add(model, reason)) {
            LOG.errorf("model.refuse name=%s for=%ds reason=\"%s\"", model, CrashRecord.MEMORY.toSeconds(), reason);
        }
    }

    @Override
    public List<Refusal> refusals() {
        return crashes.refusals();
    }

    @Override
    public List<ComputeDevice> devices() {
        return devices.now();
    }

    @Override
    public void trimMemory() {
        ProcessMemory.giveBack();
    }

    static RunnerChannel start(Runner.Starter starter, RunnerEnvironment environment, RunnerNeeds needs) {
        try {
            return RunnerChannel.open(needs.name(), starter.start(needs), environment);
        } catch (IOException refused) {
            throw new NativeFailure(
                    "cannot start a process for '" + needs.name() + "': " + refused.getMessage(), refused);
        }
    }

    private static RunnerNeeds needs(EngineSpec spec) {
        return new RunnerNeeds(spec.name(), spec.files().all(), Optional.empty(), spec.hostBytes());
    }

    private static Cancelled cancelled() {
        return new Cancelled("loading was cancelled");
    }
}
