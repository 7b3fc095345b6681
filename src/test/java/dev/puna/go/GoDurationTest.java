// SPDX-License-Identifier: Apache-2.0
package dev.puna.go;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.puna.failure.InvalidRequest;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What Go 1.26's {@code time.ParseDuration} and {@code Duration.String} do with the same texts and numbers. */
class GoDurationTest {
    @ParameterizedTest
    @CsvSource({
        "5m, 300000000000",
        "1h30m, 5400000000000",
        "0, 0",
        "-0, 0",
        "+5s, 5000000000",
        "-5m, -300000000000",
        "1.5h, 5400000000000",
        "100ms, 100000000",
        ".5s, 500000000",
        "1.s, 1000000000",
        "-.5s, -500000000",
        "1h1h, 7200000000000",
        "300us, 300000",
        "2µs, 2000",
        "2μs, 2000",
        "1ns, 1",
        "9223372036854775807ns, 9223372036854775807",
        "-9223372036854775808ns, -9223372036854775808",
        "0.000000001h, 3600",
        "0.1ns, 0",
        "0.5ns0.5ns, 0",
        "3.000000005us, 3000"
    })
    void durations_are_read_as_go_reads_them(String text, long nanoseconds) {
        assertThat(GoDuration.parse(text)).isEqualTo(Duration.ofNanos(nanoseconds));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "``|time: invalid duration \"\"",
                "10|time: missing unit in duration \"10\"",
                "-1|time: missing unit in duration \"-1\"",
                "1d|time: unknown unit \"d\" in duration \"1d\"",
                "5日|time: unknown unit \"\\xe6\\x97\\xa5\" in duration \"5\\xe6\\x97\\xa5\"",
                "3000000h|time: invalid duration \"3000000h\"",
                "9223372036854775808ns|time: invalid duration \"9223372036854775808ns\"",
                "-9223372036854775809ns|time: invalid duration \"-9223372036854775809ns\"",
                ".|time: invalid duration \".\"",
                ".s|time: invalid duration \".s\"",
                "+|time: invalid duration \"+\"",
                "-|time: invalid duration \"-\"",
                "1x\"y|time: unknown unit \"x\\\"y\" in duration \"1x\\\"y\"",
                "5 m|time: unknown unit \" m\" in duration \"5 m\"",
                "` 5m`|time: invalid duration \" 5m\"",
                "1e3s|time: unknown unit \"e\" in duration \"1e3s\"",
                "1m.|time: invalid duration \"1m.\"",
                "5M|time: unknown unit \"M\" in duration \"5M\""
            })
    void what_is_no_duration_is_refused_in_gos_words(String text, String message) {
        assertThatThrownBy(() -> GoDuration.parse(text))
                .isInstanceOf(InvalidRequest.class)
                .hasMessage(message);
    }

    @Test
    void a_megabyte_of_digits_is_refused_at_once() {
        var digits = "9".repeat(1 << 20) + "s";

        assertThatThrownBy(() -> GoDuration.parse(digits))
                .isInstanceOf(InvalidRequest.class)
                .satisfies(failure -> assertThat(failure.getMessage()).hasSizeLessThan(1000));
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0s",
        "1, 1ns",
        "999, 999ns",
        "1000, 1µs",
        "1100, 1.1µs",
        "999999, 999.999µs",
        "1000000, 1ms",
        "340250000, 340.25ms",
        "999999999, 999.999999ms",
        "1000000000, 1s",
        "1500000000, 1.5s",
        "59999999999, 59.999999999s",
        "60000000000, 1m0s",
        "3600000000000, 1h0m0s",
        "3723500000000, 1h2m3.5s",
        "86400000000000, 24h0m0s",
        "-5000000000, -5s",
        "9223372036854775807, 2562047h47m16.854775807s"
    })
    void durations_are_written_as_go_writes_them(long nanoseconds, String text) {
        assertThat(GoDuration.format(Duration.ofNanos(nanoseconds))).isEqualTo(text);
    }
}
