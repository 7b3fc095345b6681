// SPDX-License-Identifier: Apache-2.0
package dev.puna.store;

import static java.util.Objects.requireNonNull;

import dev.puna.failure.StoreFailure;
import dev.puna.model.Digest;
import dev.puna.model.ModelName;
import dev.puna.store.file.StoreFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.function.LongConsumer;

/** Looks after a store: whether blobs are what they should be, and what no model needs. <b>Threads:</b> any. */
public final class Upkeep {
    private static final int READ_BUFFER = 1 << 20;

    private final Path root;
    private final StoreGuard guard;
    private final Manifests manifests;
    private final Blobs blobs;

    /** What has become of a blob. */
    public enum BlobState {
        /** It is what its name says. */
        GOOD,
        /** It is something else. */
        DAMAGED,
        /** It is not there. */
        MISSING
    }

    /**
     * A file among the blobs that no model needs.
     *
     * @param bytes its length
     */
    public record Unneeded(Path file, long bytes) {
        /** Refuses null. */
        public Unneeded {
            requireNonNull(file, "file is null");
        }
    }

    Upkeep(Path root, StoreGuard guard, Manifests manifests, Blobs blobs) {
        this.root = root;
        this.guard = guard;
        this.manifests = manifests;
        this.blobs = blobs;
    }

    /** The names of all models, also of those that cannot be read, in their order. */
    public List<ModelName> names() {
        return manifests.all().stream()
                .map(Manifests.Tag::name)
                .sorted(Comparator.comparing(ModelName::fullName))
                .toList();
    }

    /** Reads a blob to its end; {@code progress} is told how many bytes were read. */
    public BlobState check(Digest digest, LongConsumer progress) {
        if (!blobs.contains(digest)) {
            return BlobState.MISSING;
        }
        var hash = Digest.newHash();
        var buffer = ByteBuffer.allocateDirect(READ_BUFFER);
        try (var content = blobs.open(digest)) {
            while (content.read(buffer.clear()) >= 0) {
                hash.update(buffer.flip());
                progress.accept(content.position());
            }
        } catch (IOException e) {
            throw StoreFiles.failure("read", blobs.path(digest), e);
        }
        return Digest.ofHash(hash).equals(digest) ? BlobState.GOOD : BlobState.DAMAGED;
    }

    /**
     * What no model needs and {@link #remove} would remove. Anything in the folder that is not known wholly is a {@link StoreFailure},
     * since it may need any blob.
     */
    public List<Unneeded> unneeded(PruneAges ages) {
        return guard.exclusively(() -> find(ages));
    }

    /** Removes what no model needs, and folders of manifests that are empty; gives what is gone. */
    public List<Unneeded> remove(PruneAges ages) {
        return guard.exclusively(() -> {
            var found = find(ages);
            manifests.prune(recently());
            return found.stream().filter(one -> blobs.remove(one.file())).toList();
        });
    }

    private List<Unneeded> find(PruneAges ages) {
        if (!blobs.hasAny()) {
            return List.of();
        }
        var needed = ReachableBlobs.in(root, manifests, blobs, recently());
        if (needed.tags() == 0) {
            // A store that is suddenly empty of manifests is more likely a missing disk than a terabyte of unused
            // blobs.
            throw new StoreFailure("there is no manifest at all in " + root);
        }
        return blobs.unneeded(ages, needed.digests());
    }

    /** What another program has touched since then, it may be at work on. */
    private static Instant recently() {
        return Instant.now().minus(PruneAges.USUAL.blobs());
    }
}
