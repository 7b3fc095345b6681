// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.remote;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalLong;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class MemoryLimitTest {
    private static final long GIB = 1L << 30;

    @ParameterizedTest
    @CsvSource({
        // expected, machine, limit
        "1, 64, 6",
        "20, 64, 44",
        "30, 64, 48",
        "60, 64, 61",
        "1, 4, 3",
        "3, 4, 4",
        "1, 0, 6",
    })
    void it_is_far_above_what_a_model_needs_but_within_the_machine(long expected, long machine, long limit) {
        var chosen = new MemoryLimit(OptionalLong.empty(), machine * GIB);

        assertThat(chosen.bytes(expected * GIB, false)).hasValue(limit * GIB);
    }

    @Test
    void where_nobody_knows_what_is_needed_it_is_most_of_the_machine() {
        assertThat(new MemoryLimit(OptionalLong.empty(), 16 * GIB).bytes(0, false))
                .hasValue(12 * GIB);
        assertThat(new MemoryLimit(OptionalLong.empty(), 0).bytes(0, false)).isEmpty();
    }

    @Test
    void drivers_of_gpus_have_none_unless_somebody_asks_for_it() {
        assertThat(new MemoryLimit(OptionalLong.empty(), 16 * GIB).bytes(GIB, true))
                .isEmpty();
        assertThat(new MemoryLimit(OptionalLong.of(5), 16 * GIB).bytes(GIB, true))
                .hasValue(5);
    }

    @Test
    void it_is_told_in_a_clause() {
        var machine = new MemoryLimit(OptionalLong.empty(), 16 * GIB);

        assertThat(machine.sentence(false, false))
                .isEqualTo("it has at most twice the memory that its model is expected to need and 4.0 GiB"
                        + " (no more than 12.0 GiB where that will do), beside its weights; RLIMIT_DATA sees to it");
        assertThat(machine.sentence(true, true)).endsWith("beside its weights; a control group of its own sees to it");
        assertThat(machine.sentence(true, false)).startsWith("its memory has no limit, since drivers of GPUs");
        assertThat(new MemoryLimit(OptionalLong.of(8 * GIB), 0).sentence(true, false))
                .startsWith("it has at most 8.0 GiB of memory");
        assertThat(MemoryLimit.NONE.sentence(false, false)).startsWith("its memory has no limit, as");
    }

    @Test
    void who_asks_for_none_has_none() {
        assertThat(new MemoryLimit(OptionalLong.of(0), 16 * GIB).bytes(GIB, false))
                .isEmpty();
        assertThat(MemoryLimit.NONE.bytes(0, false)).isEmpty();
    }
}
