// SPDX-License-Identifier: Apache-2.0
package dev.puna.inference.capability;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * What was worked out from something that does not change; the least recently wanted is forgotten first.
 *
 * <p><b>Threads:</b> any. Two that want the same at the same time may both work it out.
 */
final class LruCache<K, V> {
    private static final int MOST = 256;

    private final Map<K, V> values = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
            return size() > MOST;
        }
    };

    /** What is known of the key, or what the function says of it now; if it throws, nothing is remembered. */
    V get(K key, Function<K, V> workOut) {
        synchronized (values) {
            var known = values.get(key);
            if (known != null) {
                return known;
            }
        }
        var value = workOut.apply(key);
        synchronized (values) {
            values.put(key, value);
        }
        return value;
    }
}
