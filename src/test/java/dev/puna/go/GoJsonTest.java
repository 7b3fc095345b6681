// SPDX-License-Identifier: Apache-2.0
package dev.puna.go;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.puna.failure.InvalidRequest;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class GoJsonTest {
    @Test
    void maps_keep_their_order_and_nothing_is_spaced() {
        var map = new LinkedHashMap<String, Object>();
        map.put("b", List.of(1, 2.5, "x", true, List.of(), Map.of()));
        map.put("a", Map.of("k", List.of(Map.of("i", 1L), Map.of("j", 2L))));

        assertThat(GoJson.write(map)).isEqualTo("{\"b\":[1,2.5,\"x\",true,[],{}],\"a\":{\"k\":[{\"i\":1},{\"j\":2}]}}");
    }

    @Test
    void reals_are_float64_in_the_form_of_go() {
        var numbers = List.of(1.0, -0.0, 1e-7, 3e-5, 1e21, 123456789.5, 0.1f, new BigDecimal("0.70"), Double.MIN_VALUE);

        assertThat(GoJson.write(numbers))
                .isEqualTo("[1,-0,1e-7,0.00003,1e+21,123456789.5,0.10000000149011612,0.7,5e-324]");
    }

    @Test
    void texts_are_escaped_and_halves_of_surrogate_pairs_replaced() {
        assertThat(GoJson.write("<&>\"\\\b\f\n\r\t\u0001\u2028\u2029é😀\ud800x"))
                .isEqualTo("\"\\u003c\\u0026\\u003e\\\"\\\\\\b\\f\\n\\r\\t\\u0001\\u2028\\u2029é😀\\ufffdx\"");
    }

    @Test
    void a_number_that_is_not_finite_is_refused() {
        assertThatThrownBy(() -> GoJson.write(List.of(Double.POSITIVE_INFINITY)))
                .isInstanceOf(InvalidRequest.class)
                .hasMessage("a number must be finite: Infinity");
    }

    @Test
    void a_value_that_json_does_not_have_is_a_defect() {
        assertThatThrownBy(() -> GoJson.write(new Object())).isInstanceOf(IllegalArgumentException.class);
    }
}
