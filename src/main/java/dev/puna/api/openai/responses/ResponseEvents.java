// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.openai.responses;

import static java.util.Objects.requireNonNull;

import dev.puna.api.http.framing.NamedEvents;
import dev.puna.api.openai.wire.ErrorObject;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Optional;

/** The stream of one answer: each event has a name, and nothing comes after the last. */
final class ResponseEvents implements NamedEvents {
    private final ResponseState state;

    ResponseEvents(ResponseState state) {
        this.state = requireNonNull(state, "state is null");
    }

    /** What fails after a comment but before the first item has a whole stream of its own, since clients wait for its last event. */
    @Override
    public Optional<byte[]> error(Object body, boolean afterItems) {
        if (afterItems || !(body instanceof ErrorObject(var detail))) {
            return NamedEvents.super.error(body, afterItems);
        }
        var events = new EventList();
        events.begin(state);
        events.fail(state, List.of(), detail.type().equals("api_error"), detail.message());
        var stream = new ByteArrayOutputStream();
        events.taken().forEach(event -> stream.writeBytes(item(event)));
        return Optional.of(stream.toByteArray());
    }
}
