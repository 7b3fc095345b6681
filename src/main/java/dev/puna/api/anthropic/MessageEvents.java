// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.anthropic;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.puna.api.http.framing.NamedEvents;

/** A streamed answer: events with names, an error as the last one, and a ping where there is nothing to say. Source: contract 1.12. */
final class MessageEvents implements NamedEvents {
    static final MessageEvents INSTANCE = new MessageEvents();

    private MessageEvents() {}

    /** Clients of this API pass over pings, also before the first event. */
    @Override
    public byte[] nothing() {
        return "event: ping\ndata: {\"type\":\"ping\"}\n\n".getBytes(UTF_8);
    }
}
