// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.response;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ParsingTimeTest {

    private long now = Long.MAX_VALUE - 1_000;
    private final ParsingTime time = new ParsingTime(() -> now);

    @Test
    void the_first_reading_is_due_at_once_and_the_next_after_a_hundred_times_what_it_took() {
        var share = time.share();

        assertThat(share.due()).isTrue();
        reads(share, 50);
        assertThat(share.due()).isFalse();
        now += 4_999;
        assertThat(share.due()).isFalse();
        now += 1;
        assertThat(share.due()).isTrue();
    }

    @Test
    void answers_at_the_same_time_share_it() {
        var share = time.share();
        var other = time.share();

        reads(share, 50);
        now += 5_000;
        assertThat(share.due()).isFalse();
        now += 5_000;
        assertThat(share.due()).isTrue();

        other.giveBack();
        reads(share, 50);
        now += 5_000;
        assertThat(share.due()).isTrue();
    }

    @Test
    void nothing_is_held_back_for_longer_than_a_reader_would_see() {
        var share = time.share();

        reads(share, 1_000_000_000);
        now += 200_000_000;

        assertThat(share.due()).isTrue();
    }

    private void reads(ParsingTime.Share share, long nanoseconds) {
        share.begin();
        now += nanoseconds;
        share.end();
    }
}
