// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class RecordJsonTest {
    record Text(String text) {}

    record Chunk(
            String modelName,
            boolean done,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) String doneReason,
            @JsonInclude(JsonInclude.Include.NON_DEFAULT) long evalCount) {}

    record Numbers(double number, float single, float[] vector, double[] legacy) {}

    record Times(Instant createdAt, OffsetDateTime modifiedAt) {}

    @Test
    void markup_controls_and_line_separators_are_escaped_as_in_go() {
        assertThat(json(new Text("<a>&\u2028\u2029\u0000\u001f\b\f\n\r\t\"\\/'\u007f")))
                .isEqualTo(
                        "{\"text\":\"\\u003ca\\u003e\\u0026\\u2028\\u2029\\u0000\\u001f\\b\\f\\n\\r\\t\\\"\\\\/'\u007f\"}");
    }

    @Test
    void characters_beyond_ascii_are_written_as_they_are() {
        assertThat(json(new Text("é中😀"))).isEqualTo("{\"text\":\"é中😀\"}");
    }

    @Test
    void keys_come_in_declared_order_and_snake_case_and_empty_ones_may_be_left_out() {
        assertThat(json(new Chunk("m", false, "", 0))).isEqualTo("{\"model_name\":\"m\",\"done\":false}");
        assertThat(json(new Chunk("m", true, "stop", 3)))
                .isEqualTo("{\"model_name\":\"m\",\"done\":true,\"done_reason\":\"stop\",\"eval_count\":3}");
    }

    @Test
    void vectors_are_written_with_the_digits_of_their_own_precision() {
        var vector = new float[] {0.1f, -1, 1e-7f, 3.0e-5f, 1e21f};

        assertThat(json(new Numbers(0.1f, 0.1f, vector, new double[] {0.1f, 2})))
                .isEqualTo("{\"number\":0.10000000149011612,\"single\":0.1,\"vector\":[0.1,-1,1e-7,0.00003,1e+21],"
                        + "\"legacy\":[0.10000000149011612,2]}");
    }

    @Test
    void times_have_as_many_digits_as_they_need_and_their_offset() {
        var created = Instant.parse("2026-01-02T03:04:05.120Z");
        var modified = OffsetDateTime.parse("2026-01-02T03:04:05-03:30");

        assertThat(json(new Times(created, modified)))
                .isEqualTo(
                        "{\"created_at\":\"2026-01-02T03:04:05.12Z\",\"modified_at\":\"2026-01-02T03:04:05-03:30\"}");
    }

    @Test
    void a_line_ends_with_a_line_feed() {
        assertThat(new String(RecordJson.line(List.of(1)), StandardCharsets.UTF_8))
                .isEqualTo("[1]\n");
    }

    private static String json(Object value) {
        return new String(RecordJson.bytes(value), StandardCharsets.UTF_8);
    }
}
