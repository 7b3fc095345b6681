// SPDX-License-Identifier: Apache-2.0
package dev.puna.conversion.architecture.weights;

import dev.puna.conversion.tensor.Tensor;
import dev.puna.failure.InvalidRequest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The weights of experts, gathered until those of a block are all there and can be joined. <b>Threads:</b> one. */
public final class Experts {
    private final long count;
    private final List<String> kinds;
    private final Map<Integer, Map<String, Tensor>> gathered = new TreeMap<>();

    /**
     * Expects experts.
     *
     * @param count of experts in a block
     * @param kinds of weights that each has, in the order in which they are to be written
     */
    public Experts(long count, List<String> kinds) {
        this.count = count;
        this.kinds = List.copyOf(kinds);
    }

    /** Takes those of one block when the last of them was added. */
    public interface Complete {
        /**
         * Takes the weights of one kind.
         *
         * @param data of all experts, in a dimension before the others
         */
        void take(String kind, Tensor data);
    }

    /**
     * Adds a weight.
     *
     * @param prefix what its name begins with, before the number of the expert
     */
    public void add(String name, Tensor data, int block, String prefix, Complete complete) {
        var there = gathered.computeIfAbsent(block, _ -> new HashMap<>());
        there.put(name, data);
        if (there.size() < count * kinds.size()) {
            return;
        }
        gathered.remove(block);
        for (var kind : kinds) {
            var parts = new ArrayList<Tensor>();
            for (var expert = 0; expert < count; expert++) {
                var wanted = prefix + expert + "." + kind + ".weight";
                var part = there.get(wanted);
                if (part == null) {
                    throw new InvalidRequest("the weights lack the tensor " + wanted);
                }
                parts.add(part);
            }
            try {
                complete.take(kind, Tensor.stack(0, parts));
            } catch (IllegalArgumentException e) {
                throw new InvalidRequest("the experts of block " + block + " differ in shape: " + e.getMessage());
            }
        }
    }

    /** Refuses experts that were never completed. */
    public void requireNone() {
        gathered.forEach((block, there) -> {
            throw new InvalidRequest("block " + block + " has " + there.size() + " weights of experts, where " + count
                    + " experts with " + kinds.size() + " each are needed; is a file of the model missing?");
        });
    }
}
