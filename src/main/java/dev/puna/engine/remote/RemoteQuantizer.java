// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.remote;

import dev.puna.engine.Loading;
import dev.puna.engine.NamedParts;
import dev.puna.engine.Quantizer;
import dev.puna.engine.wire.FromRunner;
import dev.puna.engine.wire.ToRunner;
import dev.puna.failure.Cancelled;
import dev.puna.model.WeightPlan;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.IntSupplier;
import java.util.stream.Stream;

/**
 * Quantises in a process of its own.
 *
 * <p>One model at a time: the work takes the processors it is given, and more at once would only take turns.
 * <b>Threads:</b> any; who comes second waits.
 */
public final class RemoteQuantizer implements Quantizer {
    private final Runner.Starter starter;
    private final IntSupplier threads;

    /**
     * @param threads gives the threads that compute, each time anew
     */
    public RemoteQuantizer(Runner.Starter starter, IntSupplier threads) {
        this.starter = starter;
        this.threads = threads;
    }

    @Override
    public synchronized void quantize(List<Path> files, Path output, WeightPlan plan, Loading progress) {
        if (progress.cancelled()) {
            throw cancelled();
        }
        if (files.size() == 1) {
            quantize(files.getFirst(), files, output, plan, progress);
            return;
        }
        try (var parts = NamedParts.of(files)) {
            var readable =
                    Stream.concat(files.stream(), Stream.of(parts.folder())).toList();
            quantize(parts.first(), readable, output, plan, progress);
        }
    }

    private void quantize(Path file, List<Path> files, Path output, WeightPlan plan, Loading progress) {
        var readable = Stream.concat(files.stream(), plan.importance().stream()).toList();
        var needs = new RunnerNeeds("quantising", readable, Optional.of(output), 0);
        try (var channel = RemoteEngineLoader.start(starter, RunnerEnvironment.real(), needs)) {
            PendingAnswer.follow(
                    channel,
                    FromRunner.Done.class,
                    call -> new ToRunner.Quantize(call, List.of(file), output, plan, threads.getAsInt()),
                    progress);
        } catch (RuntimeException failed) {
            throw progress.cancelled() ? cancelled() : failed;
        }
    }

    private static Cancelled cancelled() {
        return new Cancelled("quantising was cancelled");
    }
}
