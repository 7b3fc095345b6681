// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.local;

import dev.puna.engine.Loading;
import dev.puna.engine.NamedParts;
import dev.puna.engine.Quantizer;
import dev.puna.failure.Cancelled;
import dev.puna.llama.BackendChoice;
import dev.puna.llama.LlamaBackend;
import dev.puna.llama.LoadProgress;
import dev.puna.llama.Quantization;
import dev.puna.model.WeightPlan;
import java.nio.file.Path;
import java.util.List;
import java.util.function.IntSupplier;

/**
 * Quantises through libllama, which is loaded at the first use.
 *
 * <p>One model at a time: the work takes the processors it is given, and more at once would only take turns.
 * <b>Threads:</b> any; who comes second waits.
 */
public final class NativeQuantizer implements Quantizer {
    private final Path nativeLibraries;
    private final IntSupplier threads;
    private final BackendChoice choice;

    /**
     * @param nativeLibraries folder of the native libraries, as {@code native-libs/prepare} leaves it
     * @param threads gives the threads that compute, each time anew
     */
    public NativeQuantizer(Path nativeLibraries, IntSupplier threads) {
        this(nativeLibraries, threads, BackendChoice.ANY);
    }

    /**
     * The same for a process that computes with a backend of its choice.
     */
    public NativeQuantizer(Path nativeLibraries, IntSupplier threads, BackendChoice choice) {
        this.nativeLibraries = nativeLibraries;
        this.threads = threads;
        this.choice = choice;
    }

    @Override
    public synchronized void quantize(List<Path> files, Path output, WeightPlan plan, Loading progress) {
        if (progress.cancelled()) {
            throw new Cancelled("quantising was cancelled");
        }
        var work = new LoadProgress();
        progress.onCancel(work::cancel);
        progress.follow(work::fraction);
        var backend = LlamaBackend.load(nativeLibraries, choice);
        if (files.size() == 1) {
            write(backend, files.getFirst(), output, plan, work);
            return;
        }
        try (var parts = NamedParts.of(files)) {
            write(backend, parts.first(), output, plan, work);
        }
    }

    private void write(LlamaBackend backend, Path input, Path output, WeightPlan plan, LoadProgress work) {
        Quantization.write(backend, input, output, plan.fileType(), plan.details(), threads.getAsInt(), work);
    }
}
