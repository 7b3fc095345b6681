// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.http.framing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class FramingTest {
    private record Piece(String text) {}

    private static final Piece PIECE = new Piece("a\nb");
    private static final String JSON = "{\"text\":\"a\\nb\"}";

    @Test
    void lines_end_each_item_and_tell_an_error_as_the_last() {
        var lines = new JsonLines("application/x-ndjson");

        assertThat(lines.item(PIECE)).asString().isEqualTo(JSON + "\n");
        assertThat(lines.error(PIECE, true))
                .hasValueSatisfying(last -> assertThat(last).asString().isEqualTo(JSON + "\n"));
        assertThat(lines.end()).isEmpty();
        assertThat(lines.grows()).isTrue();
    }

    @Test
    void one_object_is_the_whole_answer() {
        var whole = new WholeJson("application/json");

        assertThat(whole.item(PIECE)).asString().isEqualTo(JSON);
        assertThat(whole.grows()).isFalse();
    }

    @Test
    void an_object_that_is_half_written_cannot_tell_an_error() {
        var pieces = new JsonPieces("application/json");

        assertThat(pieces.item(new JsonPiece("[1,".getBytes(UTF_8)))).asString().isEqualTo("[1,");
        assertThat(pieces.error(PIECE, true)).isEmpty();
        assertThat(pieces.error(PIECE, false)).isPresent();
    }

    @Test
    void events_are_lines_of_data_and_end_with_the_terminator() {
        var events = new ServerSentEvents("", "[DONE]");

        assertThat(events.contentType()).isEqualTo("text/event-stream");
        assertThat(events.item(PIECE)).asString().isEqualTo("data: " + JSON + "\n\n");
        assertThat(events.end()).asString().isEqualTo("data: [DONE]\n\n");
        assertThat(events.error(PIECE, true))
                .hasValueSatisfying(last -> assertThat(last).asString().isEqualTo("data: " + JSON + "\n\n"));
        assertThat(events.nothing()).asString().isEqualTo(": keep-alive\n\n");
    }

    @Test
    void events_have_names_where_the_api_names_them() {
        var events = new ServerSentEvents("error", "");

        assertThat(events.item(new ServerSentEvent("message_stop", PIECE)))
                .asString()
                .isEqualTo("event: message_stop\ndata: " + JSON + "\n\n");
        assertThat(events.error(PIECE, false))
                .hasValueSatisfying(
                        last -> assertThat(last).asString().isEqualTo("event: error\ndata: " + JSON + "\n\n"));
        assertThat(events.end()).isEmpty();
    }

    @Test
    void a_name_of_two_lines_would_be_two_fields() {
        assertThatThrownBy(() -> new ServerSentEvent("a\ndata: x", PIECE)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new ServerSentEvent("", PIECE)).isInstanceOf(IllegalArgumentException.class);
    }
}
