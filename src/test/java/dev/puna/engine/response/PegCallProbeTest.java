// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.response;

import static org.assertj.core.api.Assertions.assertThat;

import dev.puna.parsing.IncrementalParser;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class PegCallProbeTest {
    private static final int PIECES = 3_000;

    private final AtomicInteger readings = new AtomicInteger();

    @Test
    void a_long_text_is_not_read_again_for_each_of_its_tokens() {
        try (var probe = new PegCallProbe(() -> parser("[{\"content\":\"no call\"}]"), "</think>")) {
            for (var i = 0; i < PIECES; i++) {
                assertThat(probe.add(" word")).isTrue();
            }
        }

        assertThat(readings).hasValueLessThan(PIECES / 10);
    }

    @Test
    void sentences_behind_a_whole_call_are_told_while_the_text_is_short() {
        var call = "[{\"tool_call\":{\"index\":0,\"name\":\"f\",\"arguments\":\"{}\"}}]";
        try (var probe = new PegCallProbe(() -> parser(call), "</think>")) {
            assertThat(probe.add("f{}")).isTrue();
            assertThat(probe.add(" and then")).isTrue();

            assertThat(probe.add(" it rained")).isFalse();
        }
    }

    /** Of a format in which everything is the beginning of a call. */
    private IncrementalParser parser(String whole) {
        return new IncrementalParser() {
            @Override
            public String feed(byte[] utf8, boolean last) {
                readings.addAndGet(last ? 1 : 0);
                return last ? whole : "[{\"tool_call\":{\"index\":0,\"name\":\"f\",\"arguments\":\"\"}}]";
            }

            @Override
            public void close() {}
        };
    }
}
