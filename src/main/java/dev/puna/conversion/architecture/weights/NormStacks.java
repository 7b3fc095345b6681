// SPDX-License-Identifier: Apache-2.0
package dev.puna.conversion.architecture.weights;

import dev.puna.conversion.tensor.Tensor;
import dev.puna.failure.InvalidRequest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Norms of single heads, gathered until those of a layer are all there and can be joined. <b>Threads:</b> one. */
public final class NormStacks {
    private static final String PART = ".norms.";

    private final Map<String, Map<Integer, Tensor>> gathered = new LinkedHashMap<>();

    /** Adds the norm of one head; the norms of all heads when it was the last. */
    public Optional<Tensor> add(String tensor, Tensor data, long heads) {
        var joined = joinedName(tensor);
        var there = gathered.computeIfAbsent(joined, _ -> new TreeMap<>());
        there.put(head(tensor.substring(tensor.indexOf(PART) + PART.length())), data);
        if (there.size() < heads) {
            return Optional.empty();
        }
        gathered.remove(joined);
        return Optional.of(Tensor.stack(0, new ArrayList<>(there.values())));
    }

    private static int head(String rest) {
        try {
            return Integer.parseInt(rest.substring(0, Math.max(0, rest.indexOf('.'))));
        } catch (NumberFormatException e) {
            throw new InvalidRequest("no number of a head: " + rest);
        }
    }

    /** What the norms of all heads are called. */
    public static String joinedName(String tensor) {
        return tensor.substring(0, tensor.indexOf(PART)) + ".weight";
    }

    /** Refuses norms that were never completed. */
    public void requireNone() {
        if (!gathered.isEmpty()) {
            throw new InvalidRequest("the weights lack norms of heads for "
                    + gathered.keySet().iterator().next());
        }
    }
}
