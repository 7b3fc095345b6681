// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.openai.responses;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.puna.api.json.JsonObject;
import dev.puna.api.openai.responses.request.ResponsesRequest;
import dev.puna.api.openai.wire.ErrorObject;
import java.time.Instant;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ResponseEventsTest {
    private static final Pattern NAME = Pattern.compile("event: (\\S+)");

    private final ResponseEvents events;

    ResponseEventsTest() {
        var request = ResponsesRequest.read(
                JsonObject.read("{\"model\":\"m\",\"input\":\"x\"}".getBytes(UTF_8), "openai.ResponsesRequest"));
        events = new ResponseEvents(new ResponseState("resp_1", Instant.EPOCH, request.echo()));
    }

    @Test
    void what_fails_after_a_comment_only_ends_with_the_event_that_clients_wait_for() {
        var stream = error(503, false);

        assertThat(NAME.matcher(stream).results().map(found -> found.group(1)))
                .containsExactly("response.created", "response.in_progress", "error", "response.failed");
        assertThat(stream)
                .contains("\"sequence_number\":3", "\"status\":\"failed\"")
                .contains("\"error\":{\"code\":\"server_error\",\"message\":\"the model is gone\"}");
        assertThat(error(400, false)).contains("\"code\":\"invalid_prompt\"");
    }

    @Test
    void what_fails_after_items_is_one_event() {
        assertThat(NAME.matcher(error(503, true)).results().map(found -> found.group(1)))
                .containsExactly("error");
    }

    private String error(int status, boolean afterItems) {
        var body = ErrorObject.of(status, "the model is gone", "", "");
        return new String(events.error(body, afterItems).orElseThrow(), UTF_8);
    }
}
