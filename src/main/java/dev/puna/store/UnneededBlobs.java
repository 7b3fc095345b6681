// SPDX-License-Identifier: Apache-2.0
package dev.puna.store;

import dev.puna.failure.StoreFailure;
import dev.puna.model.Digest;
import dev.puna.model.ModelName;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** Removes blobs with the last model that needs them; where it cannot be known who needs them, they stay. <b>Threads:</b> any. */
final class UnneededBlobs {
    private static final System.Logger LOG = System.getLogger(UnneededBlobs.class.getName());

    private final Path root;
    private final StoreGuard guard;
    private final Manifests manifests;
    private final Blobs blobs;

    UnneededBlobs(Path root, StoreGuard guard, Manifests manifests, Blobs blobs) {
        this.root = root;
        this.guard = guard;
        this.manifests = manifests;
        this.blobs = blobs;
    }

    /** The blobs that the tags of exactly that name need, without those of a tag of which not all is known. */
    Set<Digest> neededBy(ModelName name) {
        var needed = new HashSet<Digest>();
        for (var tag : manifests.exactly(name)) {
            try {
                needed.addAll(ReachableBlobs.of(tag.file(), tag.read(), blobs));
            } catch (StoreFailure e) {
                LOG.log(Level.WARNING, "store.manifest unreadable reason=\"{0}\"", e.text());
            }
        }
        return needed;
    }

    /** What the model of that name in whatever case needs, which is about to be replaced. */
    Set<Digest> neededByKnown(ModelName name) {
        return manifests.find(name).map(Manifests.Tag::name).map(this::neededBy).orElse(Set.of());
    }

    /** Removes those of the blobs that no manifest needs; none when it cannot be known what the manifests need. */
    void delete(Collection<Digest> digests) {
        if (digests.isEmpty()) {
            return;
        }
        guard.exclusively(() -> needed().ifPresent(needed ->
                digests.stream().filter(digest -> !needed.contains(digest)).forEach(blobs::deleteUnlessNeeded)));
    }

    /** Every blob that some manifest names, or nothing when that cannot be known. */
    private Optional<Set<Digest>> needed() {
        try {
            var before = Instant.now().minus(PruneAges.USUAL.blobs());
            return Optional.of(ReachableBlobs.in(root, manifests, blobs, before).digests());
        } catch (StoreFailure e) {
            LOG.log(Level.WARNING, "store.blobs kept reason=\"{0}\"", e.text());
            return Optional.empty();
        }
    }
}
