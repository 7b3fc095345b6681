// SPDX-License-Identifier: Apache-2.0
package dev.puna.go;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Expected texts are what Go 1.26 prints. */
class GoFloatTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0, 0",
        "-0.0, -0, -0",
        "1, 1, 1",
        "-0.5, -0.5, -0.5",
        "100, 100, 100",
        "262144, 262144, 262144",
        "1000000, 1e+06, 1000000",
        "268098176, 2.68098176e+08, 268098176",
        "123456789.125, 1.23456789125e+08, 123456789.125",
        "1e20, 1e+20, 100000000000000000000",
        "1e21, 1e+21, 1e+21",
        "1.5e300, 1.5e+300, 1.5e+300",
        "0.000001, 1e-06, 0.000001",
        "0.00000012, 1.2e-07, 1.2e-7",
        "-0.00000015, -1.5e-07, -1.5e-7",
        "1e-10, 1e-10, 1e-10",
        "-2e-9, -2e-09, -2e-9",
        "4.9e-324, 5e-324, 5e-324",
    })
    void doubles_are_written_as_by_go(double value, String plain, String json) {
        assertThat(GoFloat.plain(value)).isEqualTo(plain);
        assertThat(GoFloat.json(value)).isEqualTo(json);
    }

    @ParameterizedTest
    @CsvSource({
        "0.1, 0.1",
        "-1, -1",
        "3.0e-5, 0.00003",
        "0.000001, 0.000001",
        "1e-7, 1e-7",
        "16777216, 16777216",
        "1e20, 100000000000000000000",
        "1e21, 1e+21",
        "1.4e-45, 1e-45",
        "-1.17549435e-38, -1.1754944e-38",
    })
    void floats_have_the_digits_of_their_own_precision(float value, String json) {
        assertThat(GoFloat.json(value)).isEqualTo(json);
    }
}
