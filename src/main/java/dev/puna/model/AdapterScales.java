// SPDX-License-Identifier: Apache-2.0
package dev.puna.model;

import java.util.ArrayList;
import java.util.List;

/**
 * How strongly each of a model's adapters counts. Two that compute the same are equal, so that this may be a key.
 *
 * @param values a finite factor for each adapter in the order of the model, 0 for one that does not count; empty for all of them at
 *     full strength, which as many ones become, too
 */
public record AdapterScales(List<Float> values) {
    /** All adapters that there are, at full strength: what a request gets that does not say. */
    public static final AdapterScales ALL = new AdapterScales(List.of());

    /**
     * Copies the list.
     *
     * @throws IllegalArgumentException for a factor that is not finite
     */
    public AdapterScales {
        var own = new ArrayList<Float>(values.size());
        var full = true;
        for (var value : values) {
            if (!Float.isFinite(value)) {
                throw new IllegalArgumentException("an adapter with the scale " + value);
            }
            full &= value == 1;
            // There are two zeros, of which only one is kept.
            own.add(value == 0 ? 0f : value);
        }
        values = full ? List.of() : List.copyOf(own);
    }

    /** Whether they count as in a request that does not say. */
    public boolean all() {
        return values.isEmpty();
    }

    /** Whether they are of use to a model with so many adapters. */
    public boolean fit(int adapters) {
        return all() || values.size() == adapters;
    }

    /** The factor of each of so many adapters, as an array of one's own. */
    public float[] of(int adapters) {
        if (!fit(adapters)) {
            throw new IllegalArgumentException(values.size() + " scales for " + adapters + " adapters");
        }
        var scales = new float[adapters];
        for (var i = 0; i < adapters; i++) {
            scales[i] = all() ? 1 : values.get(i);
        }
        return scales;
    }
}
