// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.puna.model.AdapterScales;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/** Sets of adapters take turns: a step is of one set, and each gets its turn before another has two. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class AdapterTurnsTest {
    private static final long STEP = 7_000_000;
    private static final long LONGEST_WAIT = 40_000_000;

    private long now;
    private final AdapterTurns<Stream> turns = new AdapterTurns<>(true, () -> now, Stream::adapters);

    private record Stream(String name, AdapterScales adapters) {}

    @Test
    void all_of_a_step_have_the_same_adapters_and_nobody_waits_for_long() {
        var random = new Random(5);
        var all = new ArrayList<Stream>();
        for (var i = 0; i < 12; i++) {
            all.add(stream("s" + i, i % 4));
        }
        var last = new HashMap<Stream, Long>();
        for (var step = 0; step < 2_000; step++) {
            // A third of them pauses now and then, as those do whose readers are slow.
            var ready = all.stream()
                    .filter(one -> random.nextInt(3) > 0
                            || one.adapters().equals(all.getFirst().adapters()))
                    .toList();
            var next = turns.next(all, ready);

            assertThat(next).isNotEmpty();
            var adapters = next.getFirst().adapters();
            assertThat(next).allMatch(one -> one.adapters().equals(adapters));
            assertThat(next)
                    .containsExactlyElementsOf(ready.stream()
                            .filter(one -> one.adapters().equals(adapters))
                            .toList());
            now += STEP;
            next.forEach(one -> last.put(one, now));
            // Those of the first set never pause: all others have their turns and a step more each.
            assertThat(now - last.getOrDefault(all.getFirst(), 0L)).isLessThan(LONGEST_WAIT + 5 * STEP);
        }
        assertThat(last).hasSize(12);
    }

    @Test
    void short_answers_that_come_again_and_again_starve_no_stream() {
        var stream = stream("long", 1);
        var steps = 0;
        for (var i = 0; i < 500; i++) {
            now += STEP;
            // Each has a set of its own that nobody had before.
            var brief = stream("brief", 2 + i);
            var both = List.of(brief, stream);
            steps += turns.next(both, both).contains(stream) ? 1 : 0;
        }
        assertThat(steps).isGreaterThan(150);
    }

    @Test
    void a_model_without_adapters_has_all_in_a_step() {
        var plain = new AdapterTurns<Stream>(false, () -> now, Stream::adapters);
        var both = List.of(new Stream("a", AdapterScales.ALL), new Stream("b", AdapterScales.ALL));

        assertThat(plain.next(both, both)).isSameAs(both);
        assertThat(plain.current().adapters).isEqualTo(AdapterScales.ALL);
    }

    private static Stream stream(String name, int set) {
        return new Stream(name, new AdapterScales(List.of(set / 4f, 0.5f)));
    }
}
