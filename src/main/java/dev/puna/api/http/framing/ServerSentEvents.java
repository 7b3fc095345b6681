// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.http.framing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import dev.puna.api.json.RecordJson;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.Optional;

/**
 * Server-sent events: each item is a {@code data:} line of JSON, which has no line breaks, and an empty line; one that is a {@link
 * ServerSentEvent} has its name in an {@code event:} line before. Source: WHATWG HTML, section 9.2.
 *
 * @param errorEvent name of the event that tells an error; empty for one without a name
 * @param terminator text of an event after the last item; empty for none. It does not follow an error.
 */
public record ServerSentEvents(String errorEvent, String terminator) implements Framing {
    private static final Duration SILENCE = Duration.ofSeconds(10);

    public ServerSentEvents {
        requireNonNull(errorEvent, "errorEvent is null");
        requireNonNull(terminator, "terminator is null");
    }

    @Override
    public String contentType() {
        return "text/event-stream";
    }

    @Override
    public boolean grows() {
        return true;
    }

    @Override
    public byte[] item(Object item) {
        return item instanceof ServerSentEvent(var name, var data)
                ? event(name, RecordJson.bytes(data))
                : event("", RecordJson.bytes(item));
    }

    @Override
    public byte[] end() {
        return terminator.isEmpty() ? new byte[0] : event("", terminator.getBytes(UTF_8));
    }

    @Override
    public Optional<byte[]> error(Object body, boolean afterItems) {
        return Optional.of(event(errorEvent, RecordJson.bytes(body)));
    }

    /** A comment. */
    @Override
    public byte[] nothing() {
        return ": keep-alive\n\n".getBytes(UTF_8);
    }

    /** A long prompt takes minutes to read; proxies and clients give up after 30 to 60 seconds. */
    @Override
    public Duration longestSilence() {
        return SILENCE;
    }

    private static byte[] event(String name, byte[] data) {
        var out = new ByteArrayOutputStream(name.length() + data.length + 20);
        if (!name.isEmpty()) {
            out.writeBytes(("event: " + name + "\n").getBytes(UTF_8));
        }
        out.writeBytes("data: ".getBytes(UTF_8));
        out.writeBytes(data);
        out.writeBytes("\n\n".getBytes(UTF_8));
        return out.toByteArray();
    }
}
