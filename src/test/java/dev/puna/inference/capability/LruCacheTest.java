// SPDX-License-Identifier: Apache-2.0
package dev.puna.inference.capability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LruCacheTest {
    private final AtomicInteger workedOut = new AtomicInteger();
    private final LruCache<Integer, String> remembered = new LruCache<>();

    @Test
    void what_was_worked_out_once_is_not_worked_out_again() {
        assertThat(get(1)).isEqualTo("1");
        assertThat(get(1)).isEqualTo("1");

        assertThat(workedOut).hasValue(1);
    }

    @Test
    void what_failed_is_tried_again() {
        assertThatThrownBy(() -> remembered.get(1, _ -> {
                    throw new IllegalStateException("damaged");
                }))
                .hasMessage("damaged");

        assertThat(get(1)).isEqualTo("1");
    }

    @Test
    void the_one_that_nobody_wanted_for_longest_is_forgotten() {
        IntStream.range(0, 256).forEach(this::get);
        get(0);
        get(256);
        workedOut.set(0);

        get(0);
        assertThat(workedOut).hasValue(0);
        get(1);
        assertThat(workedOut).hasValue(1);
    }

    private String get(int key) {
        return remembered.get(key, number -> {
            workedOut.incrementAndGet();
            return Integer.toString(number);
        });
    }
}
