// SPDX-License-Identifier: Apache-2.0
package dev.puna.server;

import dev.puna.engine.Loading;
import dev.puna.engine.local.NativeQuantizer;
import dev.puna.failure.Failure;
import dev.puna.failure.NativeFailure;
import dev.puna.llama.BackendChoice;
import dev.puna.model.WeightPlan;
import dev.puna.settings.Settings;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.DoubleConsumer;

/** A file quantised in this process, for {@code puna convert}: loads the native libraries, and none of what a server needs beside. */
public final class FileQuantization {
    private static final long LOOK_MILLIS = 100;

    private FileQuantization() {}

    /**
     * As {@code dev.puna.cli.convert.FileQuantizer} describes it.
     *
     * @throws Failure if the settings make no sense, the native libraries cannot be used, or the file cannot be quantised
     */
    public static void write(
            Map<String, String> environment, Path file, Path output, WeightPlan plan, DoubleConsumer done) {
        var settings = Settings.from(environment);
        var quantizer = new NativeQuantizer(
                NativeLibraries.folder(settings),
                settings::computeThreads,
                BackendChoice.of(settings.llmLibrary(), settings.smallBatch()));
        var progress = Loading.create();
        var task = new FutureTask<>(() -> quantizer.quantize(List.of(file), output, plan, progress), true);
        Thread.ofPlatform().daemon().name("quantize").start(task);
        while (true) {
            try {
                var _ = task.get(LOOK_MILLIS, TimeUnit.MILLISECONDS);
                return;
            } catch (TimeoutException _) {
                done.accept(progress.fraction());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                progress.cancel();
                throw new NativeFailure("quantising was interrupted", e);
            } catch (ExecutionException e) {
                throw e.getCause() instanceof Failure failure
                        ? failure
                        : new NativeFailure("the model cannot be quantised: " + e.getCause(), e);
            }
        }
    }
}
