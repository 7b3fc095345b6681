// SPDX-License-Identifier: Apache-2.0
package dev.puna.modelfile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.LIST;

import dev.puna.failure.InvalidRequest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ParametersTest {
    @Test
    @Timeout(10)
    void as_many_stops_as_a_body_can_hold_are_read_at_once() {
        var file = Modelfile.parse("FROM a\n" + "PARAMETER stop a\n".repeat(200_000));

        assertThat(Parameters.of(file).get("stop")).asInstanceOf(LIST).hasSize(200_000);
    }

    @Test
    void parameters_have_the_types_that_options_have() {
        var modelfile = Modelfile.parse("""
                FROM x
                PARAMETER num_ctx 2048
                PARAMETER temperature 1
                PARAMETER use_mmap false
                PARAMETER stop a
                PARAMETER num_ctx 4096
                PARAMETER stop "b "
                PARAMETER mirostat 2
                """);

        assertThat(Parameters.of(modelfile))
                .containsExactly(
                        Map.entry("num_ctx", 4096L),
                        Map.entry("temperature", 1.0),
                        Map.entry("use_mmap", false),
                        Map.entry("stop", List.of("a", "b ")));
        assertThat(Parameters.isDeprecated("mirostat")).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "temperature, hot, invalid float value [hot]",
        "temperature, 0.7f, invalid float value [0.7f]",
        "temperature, NaN, invalid float value [NaN]",
        "temperature, 1e99, invalid float value [1e99]",
        "num_ctx, 1.5, invalid int value [1.5]",
        "num_ctx, 99999999999999999999, invalid int value [99999999999999999999]",
        "use_mmap, yes, invalid bool value [yes]",
        "tempreature, 1, unknown parameter 'tempreature'",
    })
    void what_cannot_be_is_named(String name, String value, String message) {
        assertThatThrownBy(() -> Parameters.add(new LinkedHashMap<>(), name, value))
                .isInstanceOf(InvalidRequest.class)
                .hasMessage(message);
    }

    @Test
    void parameters_of_a_create_request_that_come_as_text_get_their_types() {
        assertThat(Parameters.checked(Map.of(
                        "num_ctx",
                        "8192",
                        "temperature",
                        "0.3",
                        "use_mmap",
                        "true",
                        "stop",
                        "a",
                        "seed",
                        7L,
                        "mirostat",
                        "2")))
                .containsOnly(
                        Map.entry("num_ctx", 8192L),
                        Map.entry("temperature", 0.3),
                        Map.entry("use_mmap", true),
                        Map.entry("stop", List.of("a")),
                        Map.entry("seed", 7L),
                        Map.entry("mirostat", "2"));
    }

    @Test
    void parameters_that_each_request_would_be_refused_for_are_refused_when_the_model_is_made() {
        refused(Map.of("num_ctx", "many"), "option \"num_ctx\" must be of type integer");
        refused(Map.of("num_ctx", "8192.5"), "option \"num_ctx\" must be of type integer");
        refused(Map.of("temperature", true), "option \"temperature\" must be of type float32");
        refused(Map.of("use_mmap", 1L), "option \"use_mmap\" must be of type boolean");
        refused(Map.of("stop", List.of(1L)), "option \"stop\" must be of an array of strings");
        refused(Map.of("num_ctx", 1e20), "option \"num_ctx\" is too large: 9223372036854775807 (at most 2147483647)");
    }

    private static void refused(Map<String, Object> parameters, String message) {
        assertThatThrownBy(() -> Parameters.checked(parameters))
                .isInstanceOf(InvalidRequest.class)
                .hasMessage(message);
    }
}
