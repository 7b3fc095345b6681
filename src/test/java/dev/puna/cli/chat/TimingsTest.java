// SPDX-License-Identifier: Apache-2.0
package dev.puna.cli.chat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.puna.cli.client.ServerJson;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class TimingsTest {

    @Test
    void tokens_found_in_the_cache_are_told_and_do_not_count_for_the_rate() {
        assertThat(Timings.of(last("\"prompt_eval_cached_count\":30,"))).isEqualToNormalizingNewlines("""
                prompt eval count:    36 token(s)
                prompt eval cached:   30 token(s)
                prompt eval duration: 2s
                prompt eval rate:     3.00 tokens/s
                eval count:           4 token(s)
                eval duration:        1s
                eval rate:            4.00 tokens/s
                """);
    }

    @Test
    void a_server_that_tells_nothing_of_its_cache_or_found_nothing_there_gets_no_line_for_it() {
        assertThat(Timings.of(last(""))).contains("rate:     18.00 tokens/s").doesNotContain("cached");
        assertThat(Timings.of(last("\"prompt_eval_cached_count\":0,"))).doesNotContain("cached");
    }

    private static ServerJson last(String more) {
        return ServerJson.read("{\"done\":true,\"prompt_eval_count\":36," + more
                        + "\"prompt_eval_duration\":2000000000,\"eval_count\":4,\"eval_duration\":1000000000}")
                .orElseThrow();
    }
}
