// SPDX-License-Identifier: Apache-2.0
package dev.puna.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.puna.failure.InvalidRequest;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Contract 1.5. */
class KeepAliveTest {
    @Test
    void numbers_are_seconds() {
        assertThat(KeepAlive.ofSeconds(300).duration()).contains(Duration.ofMinutes(5));
        assertThat(KeepAlive.ofSeconds(0.5).duration()).contains(Duration.ofMillis(500));
        assertThat(KeepAlive.ofSeconds(0).unloadsAtOnce()).isTrue();
        assertThat(KeepAlive.ofSeconds(1).unloadsAtOnce()).isFalse();
    }

    @Test
    void negative_and_endless_numbers_mean_for_ever() {
        assertThat(KeepAlive.ofSeconds(-1)).isEqualTo(KeepAlive.FOREVER);
        assertThat(KeepAlive.ofSeconds(-0.001)).isEqualTo(KeepAlive.FOREVER);
        assertThat(KeepAlive.ofSeconds(1e300)).isEqualTo(KeepAlive.FOREVER);
        assertThat(KeepAlive.ofSeconds(Double.POSITIVE_INFINITY)).isEqualTo(KeepAlive.FOREVER);
        assertThat(KeepAlive.ofSeconds(Double.NEGATIVE_INFINITY)).isEqualTo(KeepAlive.FOREVER);
        assertThat(KeepAlive.of(Duration.ofSeconds(-1))).isEqualTo(KeepAlive.FOREVER);
        assertThat(KeepAlive.FOREVER.unloadsAtOnce()).isFalse();
    }

    @Test
    void the_longest_finite_time_is_that_of_go() {
        assertThat(KeepAlive.ofSeconds(9.2e9).duration()).isPresent();
        assertThat(KeepAlive.ofSeconds(9.3e9)).isEqualTo(KeepAlive.FOREVER);
    }

    @Test
    void what_is_no_time_is_refused() {
        assertThatThrownBy(() -> KeepAlive.ofSeconds(Double.NaN)).isInstanceOf(InvalidRequest.class);
        assertThatThrownBy(() -> new KeepAlive(Optional.of(Duration.ofNanos(-1))))
                .isInstanceOf(InvalidRequest.class);
    }
}
