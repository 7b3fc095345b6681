// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.ollama.status;

import dev.puna.api.ollama.wire.StatusLine;
import dev.puna.creation.CreationProgress;
import dev.puna.creation.CreationProgress.Converting;
import dev.puna.creation.CreationProgress.Copying;
import dev.puna.creation.CreationProgress.Layer;
import dev.puna.creation.CreationProgress.Pulling;
import dev.puna.creation.CreationProgress.Quantizing;
import dev.puna.creation.CreationProgress.Step;
import dev.puna.creation.CreationProgress.Warning;

/** Ollama's words for the steps of {@code /api/create}. Source: contract 3.2. */
public final class CreationStatus {
    /** What Ollama puts where the digest of the new file would be, if it were known. */
    private static final String NO_DIGEST = "0000000000000000000";

    private CreationStatus() {}

    /** A step as the client sees it. */
    public static StatusLine of(CreationProgress progress) {
        return switch (progress) {
            case Step step -> StatusLine.of(words(step));
            case Pulling(var step) -> PullStatus.of(step);
            case Layer(var status) -> StatusLine.of(status);
            case Warning(var text) -> StatusLine.of("warning: " + text);
            case Copying(var file, var total, var done) ->
                new StatusLine("copying file " + file, NO_DIGEST, total, done);
            case Converting(var total, var done) -> new StatusLine("converting model", NO_DIGEST, total, done);
            case Quantizing(var from, var to, var total, var done) ->
                new StatusLine("quantizing %s model to %s".formatted(from, to), NO_DIGEST, total, done);
        };
    }

    /** Whether a later step says more. */
    public static boolean isPassing(CreationProgress progress) {
        return switch (progress) {
            case Pulling(var step) -> PullStatus.isPassing(step);
            case Copying(var _, var total, var done) -> done < total;
            case Converting(var total, var done) -> done < total;
            case Quantizing(var _, var _, var total, var done) -> done < total;
            case Step _, Layer _, Warning _ -> false;
        };
    }

    private static String words(Step step) {
        return switch (step) {
            case PARSING_FILE -> "parsing GGUF";
            case VERIFYING_CONVERSION -> "verifying conversion";
            case WRITING_MANIFEST -> "writing manifest";
            case DONE -> "success";
        };
    }
}
