// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class WrittenNumberTest {
    @ParameterizedTest
    @CsvSource({
        "1,1",
        "-0,-0",
        "1.0,1",
        "2.50,2.5",
        "1E2,100",
        "1e30,1e+30",
        "1e-7,1e-7",
        "0.1234567890123456789,0.12345678901234568",
        "1234567890123456789,1234567890123456789",
        "-98765432109876543210987654321,-98765432109876543210987654321",
        "1234567890123456789.0,1234567890123456789",
        "1.234567890123456789e18,1234567890123456789",
        "1234567890123456789.5,1234567890123456800",
        "1e-400,0",
        "0e999999999999,0",
    })
    void whole_numbers_keep_their_digits_and_others_are_written_as_by_go(String literal, String written) {
        assertThat(WrittenNumber.of(literal)).contains(written);
    }

    @Test
    void a_number_beyond_doubles_is_none() {
        assertThat(WrittenNumber.of("1e400")).isEmpty();
        assertThat(WrittenNumber.of("-1E999999999999")).isEmpty();
        assertThat(WrittenNumber.of("9".repeat(400))).isEmpty();
    }

    @Test
    void any_long_is_written_whole() {
        var random = new Random(1);
        for (var i = 0; i < 1000; i++) {
            var literal = Long.toString(random.nextLong());
            assertThat(WrittenNumber.of(literal)).contains(literal);
        }
    }
}
