// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.response;

import java.util.Comparator;
import java.util.List;

/**
 * Finds the first stop string in a text that comes in pieces, and holds back what may still become one.
 *
 * <p>Not thread-safe.
 */
final class StopMatcher {

    private final List<String> stops;
    private final StringBuilder held = new StringBuilder();
    private boolean stopped;
    private String found = "";

    StopMatcher(List<String> stops) {
        this.stops = stops.stream()
                .filter(stop -> !stop.isEmpty())
                .distinct()
                .sorted(Comparator.comparing(String::length).reversed())
                .toList();
    }

    /** The text that is certain to come before any stop string; nothing more once {@link #stopped()}. */
    String add(String piece) {
        if (stopped) {
            return "";
        }
        if (stops.isEmpty()) {
            return piece;
        }
        held.append(piece);
        var at = firstStop();
        if (at >= 0) {
            stopped = true;
            return take(at);
        }
        return take(held.length() - longestBeginning());
    }

    /** What was held back and did not become a stop string. */
    String finish() {
        return stopped ? "" : take(held.length());
    }

    boolean stopped() {
        return stopped;
    }

    /** The stop string that came; empty until then. */
    String found() {
        return found;
    }

    private String take(int count) {
        var text = held.substring(0, count);
        held.delete(0, count);
        return text;
    }

    private int firstStop() {
        var first = -1;
        for (var stop : stops) {
            var at = held.indexOf(stop);
            if (at >= 0 && (first < 0 || at < first)) {
                first = at;
                found = stop;
            }
        }
        return first;
    }

    /** Length of the longest end of the held text that is the beginning of some stop string. */
    private int longestBeginning() {
        var longest = 0;
        for (var stop : stops) {
            for (var length = Math.min(stop.length() - 1, held.length()); length > longest; length--) {
                if (stop.startsWith(held.substring(held.length() - length))) {
                    longest = length;
                }
            }
        }
        return longest;
    }
}
