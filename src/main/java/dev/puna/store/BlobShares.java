// SPDX-License-Identifier: Apache-2.0
package dev.puna.store;

import dev.puna.model.Digest;
import dev.puna.model.Layer;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * How many bytes of the store each of some models has alone and how many it shares with others of them. Of a list of manifests the one
 * counts that is taken.
 */
public final class BlobShares {
    private final Map<Digest, Integer> users = new HashMap<>();
    private final Map<Digest, Long> sizes = new HashMap<>();

    public BlobShares(Collection<InstalledModel> models) {
        for (var model : models) {
            for (var blob : blobs(model)) {
                users.merge(blob.digest(), 1, Integer::sum);
                sizes.put(blob.digest(), blob.size());
            }
        }
    }

    /** Bytes that go with the model when it is removed. */
    public long own(InstalledModel model) {
        return sum(model, blob -> users.getOrDefault(blob.digest(), 0) <= 1);
    }

    /** Bytes that stay then, since others need them. */
    public long shared(InstalledModel model) {
        return sum(model, blob -> users.getOrDefault(blob.digest(), 0) > 1);
    }

    /** Bytes of all together, each blob once. */
    public long total() {
        return sizes.values().stream().mapToLong(Long::longValue).sum();
    }

    private static long sum(InstalledModel model, Predicate<Layer> counts) {
        return blobs(model).stream().filter(counts).mapToLong(Layer::size).sum();
    }

    private static List<Layer> blobs(InstalledModel model) {
        var seen = new HashMap<Digest, Layer>();
        model.manifest().blobs().forEach(blob -> seen.putIfAbsent(blob.digest(), blob));
        return List.copyOf(seen.values());
    }
}
