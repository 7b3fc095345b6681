// SPDX-License-Identifier: Apache-2.0
package dev.puna.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.puna.scheduling.Occupancy;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class IdleMemoryTest {
    private final AtomicInteger given = new AtomicInteger();

    @Test
    void a_server_with_nothing_to_do_gives_memory_back() {
        new IdleMemory(() -> new Occupancy(0, 0, 0)).giveBackIfIdle(given::incrementAndGet);

        assertThat(given).hasValue(1);
    }

    @ParameterizedTest
    @CsvSource({"1,0,0", "0,1,0", "0,0,1"})
    void one_with_a_model_or_a_request_keeps_what_it_needs(int waiting, int loaded, int active) {
        new IdleMemory(() -> new Occupancy(waiting, loaded, active)).giveBackIfIdle(given::incrementAndGet);

        assertThat(given).hasValue(0);
    }
}
