// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.local;

import dev.puna.model.AdapterScales;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * What has to be done until each sequence that can run has had its turn.
 *
 * @param together sequences that generate and may share steps, of those with the same adapters
 * @param apart sequences that generate in a step each
 * @param readers steps that read prompts or an image
 * @param others how many each of the other sets has that generate and may share steps with each other
 */
record StepRound(int together, int apart, int readers, List<Integer> others) {

    StepRound {
        others = List.copyOf(others);
    }

    /** Where all compute with the same adapters. */
    StepRound(int together, int apart, int readers) {
        this(together, apart, readers, List.of());
    }

    static StepRound of(List<Sequence> ready, Predicate<Sequence> isApart, boolean imageWaits) {
        var apart = 0;
        var readers = imageWaits ? 1 : 0;
        var sets = new ArrayList<Share>(1);
        for (var sequence : ready) {
            var reads = !sequence.generates();
            if (isApart.test(sequence)) {
                apart += reads ? 0 : 1;
                readers += reads ? 1 : 0;
            } else {
                var share = share(sets, sequence.adapters());
                share.generating += reads ? 0 : 1;
                share.reads |= reads;
            }
        }
        for (var set : sets) {
            readers += set.reads ? 1 : 0;
        }
        return sets.size() < 2
                ? new StepRound(sets.isEmpty() ? 0 : sets.getFirst().generating, apart, readers)
                : new StepRound(
                        sets.getFirst().generating,
                        apart,
                        readers,
                        sets.stream().skip(1).map(set -> set.generating).toList());
    }

    private static Share share(List<Share> sets, AdapterScales adapters) {
        for (var set : sets) {
            if (set.adapters.equals(adapters)) {
                return set;
            }
        }
        var set = new Share(adapters);
        sets.add(set);
        return set;
    }

    int generating() {
        var generating = together + apart;
        for (var other : others) {
            generating += other;
        }
        return generating;
    }

    /** Those with the same adapters that may share steps. */
    private static final class Share {
        final AdapterScales adapters;
        int generating;
        boolean reads;

        Share(AdapterScales adapters) {
            this.adapters = adapters;
        }
    }
}
