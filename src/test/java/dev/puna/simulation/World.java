// SPDX-License-Identifier: Apache-2.0
package dev.puna.simulation;

import com.google.errorprone.annotations.FormatMethod;
import dev.puna.device.ComputeDevice;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** What all who take part in a history share. One thread at a time. */
final class World {
    static final long MIB = 1 << 20;
    static final ComputeDevice CPU = SimulatedChild.cpu();

    final Random random;
    final Timeline timeline;
    final List<SimulatedChild> children = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private final List<String> violations = new ArrayList<>();
    private final Set<Integer> liedTo = new HashSet<>();
    private final Set<Integer> hanging = new HashSet<>();

    World(long seed) {
        random = new Random(seed);
        timeline = new Timeline(random);
    }

    /** Takes some time, mostly none. */
    void doze(int mostMillis) {
        if (random.nextInt(3) == 0) {
            timeline.sleep(Duration.ofMillis(random.nextInt(mostMillis)));
        } else {
            timeline.maybeYield();
        }
    }

    @FormatMethod
    void note(String text, Object... values) {
        notes.add("%.3f s: ".formatted(timeline.nanos() / 1e9) + text.formatted(values));
    }

    void violation(String text) {
        note("VIOLATION: %s", text);
        violations.add(text);
    }

    /** What this caller gets may be anything from now on. */
    void liedTo(int caller) {
        liedTo.add(caller);
    }

    boolean isLiedTo(int caller) {
        return liedTo.contains(caller);
    }

    /** This caller will have no answer. */
    void hangs(int caller) {
        hanging.add(caller);
    }

    boolean isHanging(int caller) {
        return hanging.contains(caller);
    }

    List<String> notes() {
        return notes;
    }

    List<String> violations() {
        return violations;
    }
}
