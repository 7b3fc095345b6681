// SPDX-License-Identifier: Apache-2.0
package dev.puna.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Contract 3.3; the last three are of recordings. */
class ParameterSizeTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "999, 999",
        "1000, 1K",
        "1499, 1K",
        "1500, 2K",
        "2500, 2K",
        "999499, 999K",
        "999999, 1000K",
        "1000000, 1M",
        "1004999, 1.00M",
        "7000000, 7M",
        "12345678, 12.35M",
        "999999999, 1000.00M",
        "1000000000, 1B",
        "1234567890, 1.2B",
        "1250000000, 1.2B",
        "1350000000, 1.4B",
        "8030261248, 8.0B",
        "70000000000, 70B",
        "1000000000000, 1000B",
        "268098176, 268.10M",
        "134515008, 134.52M",
        "22566144, 22.57M"
    })
    void sizes_are_written_for_people(long parameters, String text) {
        assertThat(ParameterSize.text(parameters)).isEqualTo(text);
    }
}
