// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.anthropic;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.puna.api.http.framing.Framing;
import dev.puna.api.http.framing.ServerSentEvents;
import java.time.Duration;
import java.util.Optional;

/** A streamed answer: events with names, an error as the last one, and a ping where there is nothing to say. Source: contract 1.12. */
final class MessageEvents implements Framing {
    static final MessageEvents INSTANCE = new MessageEvents();

    private static final ServerSentEvents EVENTS = new ServerSentEvents("error", "");

    private MessageEvents() {}

    @Override
    public String contentType() {
        return EVENTS.contentType();
    }

    @Override
    public boolean grows() {
        return true;
    }

    @Override
    public byte[] item(Object item) {
        return EVENTS.item(item);
    }

    @Override
    public Optional<byte[]> error(Object body, boolean afterItems) {
        return EVENTS.error(body, afterItems);
    }

    /** Clients of this API pass over pings, also before the first event. */
    @Override
    public byte[] nothing() {
        return "event: ping\ndata: {\"type\":\"ping\"}\n\n".getBytes(UTF_8);
    }

    @Override
    public Duration longestSilence() {
        return EVENTS.longestSilence();
    }
}
