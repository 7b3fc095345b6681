// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.ollama.status;

import dev.puna.api.ollama.wire.StatusLine;
import dev.puna.registry.PushProgress;
import dev.puna.registry.PushProgress.Blob;
import dev.puna.registry.PushProgress.Step;

/** Ollama's words for the steps of {@code /api/push}. Source: contract 4. */
public final class PushStatus {
    private PushStatus() {}

    /** A step as the client sees it. */
    public static StatusLine of(PushProgress progress) {
        return switch (progress) {
            case Step step -> StatusLine.of(words(step));
            case Blob(var digest, var total, var done) ->
                new StatusLine("pushing " + digest.shortText(), digest.text(), total, done);
        };
    }

    /** Whether a later step says more. */
    public static boolean isPassing(PushProgress progress) {
        return progress instanceof Blob(var _, var total, var done) && done < total;
    }

    private static String words(Step step) {
        return switch (step) {
            case RETRIEVING_MANIFEST -> "retrieving manifest";
            case NO_MANIFEST -> "couldn't retrieve manifest";
            case PUSHING_MANIFEST -> "pushing manifest";
            case DONE -> "success";
        };
    }
}
