// SPDX-License-Identifier: Apache-2.0
package dev.puna.llama;

import dev.puna.failure.Cancelled;
import dev.puna.failure.NativeFailure;
import java.nio.file.Path;

/** Models written anew with weights of another type. <b>Threads:</b> any; a call blocks until the file is written. */
public final class Quantization {
    private Quantization() {}

    /**
     * Writes a model with other weights.
     *
     * <p>A full disk does not always make this fail, but what it leaves then is no GGUF: check what was written.
     *
     * @param input the GGUF file, or the first part of a split one under its usual name, beside the others
     * @param output where to write it, one file in any case; of no use if this fails
     * @param fileType the number that {@code general.file_type} gets
     * @param plan the rest, in the lines that {@code puna_quantize} reads; empty for nothing
     * @param threads threads that compute
     * @throws Cancelled if the progress was cancelled before the last tensor
     */
    public static void write(
            LlamaBackend backend,
            Path input,
            Path output,
            int fileType,
            String plan,
            int threads,
            LoadProgress progress) {
        try {
            var _ = progress.watch(monitor -> {
                backend.library().quantize(input, output, fileType, plan, threads, monitor);
                return output;
            });
        } catch (NativeFailure e) {
            if (progress.cancelled()) {
                throw new Cancelled("quantising was cancelled");
            }
            throw e;
        }
    }
}
