// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.puna.engine.Refusal;
import dev.puna.failure.ModelRefused;
import java.time.Duration;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class CrashRecordTest {
    private long now = Long.MAX_VALUE - 5;
    private final CrashRecord crashes = new CrashRecord(() -> now);

    @Test
    void three_crashes_within_a_minute_are_refused_for_a_minute_with_the_last_reason() {
        crash(10);
        crash(10);
        assertThatCode(() -> crashes.requireFew("m")).doesNotThrowAnyException();
        crash(10);

        assertThatThrownBy(() -> crashes.requireFew("m"))
                .isInstanceOf(ModelRefused.class)
                .hasMessageContaining("'m' has crashed 3 times within a minute")
                .hasMessageContaining("51 s")
                .hasMessageEndingWith("the last time: SIGSEGV");
        assertThatCode(() -> crashes.requireFew("other")).doesNotThrowAnyException();
        pass(51);
        assertThatCode(() -> crashes.requireFew("m")).doesNotThrowAnyException();
    }

    @Test
    void crashes_that_lie_further_apart_are_not_refused() {
        crash(40);
        crash(40);
        crash(0);

        assertThatCode(() -> crashes.requireFew("m")).doesNotThrowAnyException();
        crash(0);
        assertThatThrownBy(() -> crashes.requireFew("m")).isInstanceOf(ModelRefused.class);
    }

    @Test
    void a_load_that_works_clears_the_record() {
        crash(0);
        crash(0);
        crashes.forget("m");
        crash(0);

        assertThatCode(() -> crashes.requireFew("m")).doesNotThrowAnyException();
    }

    @Test
    void what_is_refused_is_known_for_as_long() {
        assertThat(crashes.add("m", "SIGSEGV")).isFalse();
        assertThat(crashes.add("m", "SIGSEGV")).isFalse();
        assertThat(crashes.refusals()).isEmpty();
        assertThat(crashes.add("m", "SIGABRT")).isTrue();
        pass(18);

        assertThat(crashes.refusals()).containsExactly(new Refusal("m", Duration.ofSeconds(42), "SIGABRT"));
        pass(42);
        assertThat(crashes.refusals()).isEmpty();
    }

    private void crash(int secondsAfter) {
        crashes.add("m", "SIGSEGV");
        pass(secondsAfter);
    }

    private void pass(int seconds) {
        now += Duration.ofSeconds(seconds).toNanos();
    }
}
