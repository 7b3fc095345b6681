// SPDX-License-Identifier: Apache-2.0
package dev.puna.simulation;

import dev.puna.store.InstalledModel;
import java.lang.reflect.Method;
import java.util.List;

/**
 * A history that is over.
 *
 * @param violations what was wrong
 * @param notes what happened, a line each
 * @param turns how often a thread went on
 */
record Lived(List<String> violations, List<String> notes, long turns) {
    /** One in so many seeds has threads take turns between any two calls, which takes twenty times as long. */
    private static final int INTERLEAVED = 10;

    private static final Method LIVE = live();

    Lived {
        violations = List.copyOf(violations);
        notes = List.copyOf(notes);
    }

    private static Method live() {
        try {
            var method = new Interleaving()
                    .loadClass(History.class.getName())
                    .getDeclaredMethod("live", Long.class, List.class);
            method.setAccessible(true);
            return method;
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(e.toString(), e);
        }
    }

    /** The history of a seed. */
    @SuppressWarnings("unchecked")
    static Lived of(long seed, List<InstalledModel> models) {
        try {
            var result = seed % INTERLEAVED == 0
                    ? (List<Object>) LIVE.invoke(null, seed, models)
                    : History.live(seed, models);
            return new Lived((List<String>) result.get(0), (List<String>) result.get(1), (Long) result.get(2));
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(e.toString(), e);
        }
    }
}
