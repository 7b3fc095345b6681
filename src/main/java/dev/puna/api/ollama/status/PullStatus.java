// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.ollama.status;

import dev.puna.api.ollama.wire.StatusLine;
import dev.puna.registry.PullProgress;
import dev.puna.registry.PullProgress.Blob;
import dev.puna.registry.PullProgress.Step;

/** Ollama's words for the steps of {@code /api/pull}. Source: contract 4. */
public final class PullStatus {
    private PullStatus() {}

    /** A step as the client sees it. */
    public static StatusLine of(PullProgress progress) {
        return switch (progress) {
            case Step step -> StatusLine.of(words(step));
            case Blob(var digest, var total, var done) ->
                new StatusLine("pulling " + digest.shortText(), digest.text(), total, done);
        };
    }

    /** Whether a later step says more. */
    public static boolean isPassing(PullProgress progress) {
        return progress instanceof Blob(var _, var total, var done) && done < total;
    }

    private static String words(Step step) {
        return switch (step) {
            case PULLING_MANIFEST -> "pulling manifest";
            case VERIFYING -> "verifying sha256 digest";
            case WRITING_MANIFEST -> "writing manifest";
            case REMOVING_UNUSED -> "removing unused layers";
            case DONE -> "success";
        };
    }
}
