// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.local;

import java.util.List;
import java.util.function.Predicate;

/**
 * What has to be done until each sequence that can run has had its turn.
 *
 * @param together sequences that generate and may share steps
 * @param apart sequences that generate in a step each
 * @param readers steps that read prompts or an image
 */
record StepRound(int together, int apart, int readers) {

    static StepRound of(List<Sequence> ready, Predicate<Sequence> isApart, boolean imageWaits) {
        var together = 0;
        var apart = 0;
        var readers = imageWaits ? 1 : 0;
        var sharedReads = false;
        for (var sequence : ready) {
            var reads = !sequence.generates();
            if (isApart.test(sequence)) {
                apart += reads ? 0 : 1;
                readers += reads ? 1 : 0;
            } else {
                together += reads ? 0 : 1;
                sharedReads |= reads;
            }
        }
        return new StepRound(together, apart, readers + (sharedReads ? 1 : 0));
    }

    int generating() {
        return together + apart;
    }
}
