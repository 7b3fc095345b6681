// SPDX-License-Identifier: Apache-2.0
package dev.puna.cli.store;

import static java.util.Objects.requireNonNull;

import dev.puna.archive.BlobProgress;
import dev.puna.cli.text.Progress;
import dev.puna.model.Digest;
import java.util.HashMap;
import java.util.Map;

/** A bar for each blob. */
final class BlobBars implements BlobProgress {
    private final Progress progress;
    private final String verb;
    private final Map<Digest, Progress.Bar> bars = new HashMap<>();

    BlobBars(Progress progress, String verb) {
        this.progress = requireNonNull(progress, "progress is null");
        this.verb = requireNonNull(verb, "verb is null");
    }

    @Override
    public void at(Digest blob, long total, long done) {
        bars.computeIfAbsent(blob, _ -> progress.bar(verb + " " + blob.shortText(), total))
                .set(done);
    }
}
