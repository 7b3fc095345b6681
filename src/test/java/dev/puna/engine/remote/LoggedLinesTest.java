// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.remote;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class LoggedLinesTest {
    private final List<String> log = new ArrayList<>();
    private long now = Long.MAX_VALUE - 7;
    private final LoggedLines lines = new LoggedLines(log::add, lost -> log.add(lost + " left out"), () -> now);

    @Test
    void as_many_lines_as_a_process_should_write_are_all_logged() {
        write(LoggedLines.MOST);
        lines.close();

        assertThat(log).hasSize(LoggedLines.MOST).allMatch("line"::equals);
    }

    @Test
    void of_a_flood_the_beginning_is_logged_and_then_how_much_was_left_out() {
        for (var period = 0; period < 3; period++) {
            write(LoggedLines.MOST + 100);
            now += LoggedLines.PERIOD.toNanos();
        }
        lines.accept("last");

        assertThat(log).hasSize(3 * LoggedLines.MOST + 4);
        assertThat(log)
                .filteredOn(line -> !line.equals("line"))
                .containsExactly("100 left out", "100 left out", "100 left out", "last");
        assertThat(log.getLast()).isEqualTo("last");
    }

    @Test
    void long_lines_count_as_several() {
        for (var i = 0; i < LoggedLines.MOST; i++) {
            lines.accept("x".repeat(4 * 256));
        }

        assertThat(log).hasSize(LoggedLines.MOST / 5);
    }

    @Test
    void that_a_jvm_had_no_memory_is_known_whatever_it_writes_after_it() {
        var report = "# There is insufficient memory for the Java Runtime Environment to continue.";
        lines.accept(report);
        write(LoggedLines.MOST);

        assertThat(lines.told()).containsExactly(report);
    }

    @Test
    void that_memory_ran_out_is_known_after_the_addresses_that_follow_it_but_not_for_ever() {
        lines.accept("CUDA error: out of memory");
        write(100);
        assertThat(lines.told()).containsExactly("CUDA error: out of memory");

        write(11);

        assertThat(lines.told()).isEmpty();
    }

    @Test
    void at_its_end_it_is_told_once() {
        write(LoggedLines.MOST + 1);
        lines.close();
        lines.close();

        assertThat(log).endsWith("1 left out").hasSize(LoggedLines.MOST + 1);
    }

    private void write(int count) {
        for (var i = 0; i < count; i++) {
            lines.accept("line");
        }
    }
}
