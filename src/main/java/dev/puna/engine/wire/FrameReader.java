// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.wire;

import java.io.IOException;
import java.util.List;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Reads messages, one after the other. Bounds: those of the kinds, and one for all that the reader is made with; a length is believed
 * only as far as bytes come, so a lie costs at most a megabyte. <b>Threads:</b> one. After a {@link ProtocolException} there is
 * nothing to be read any more.
 */
public final class FrameReader {
    private final BufferedSource source;
    private final BodyReader body;
    private final int longest;

    public FrameReader(ByteSource source) {
        this(source, Protocol.REQUEST);
    }

    /**
     * For an end that has less memory than the other might want.
     *
     * @param longest bytes that any body may have
     */
    public FrameReader(ByteSource source, int longest) {
        this.source = new BufferedSource(source);
        this.longest = longest;
        body = new BodyReader(this.source);
    }

    /** Waits for the next message to the process; null once the other end has closed the connection behind a message. */
    public @Nullable ToRunner readToRunner() throws IOException {
        return read(ToRunnerKind.ALL, ToRunnerKind::longest, ToRunnerCodec::read);
    }

    /** Waits for the next message to the server; null once the other end has closed the connection behind a message. */
    public @Nullable FromRunner readFromRunner() throws IOException {
        return read(FromRunnerKind.ALL, FromRunnerKind::longest, FromRunnerCodec::read);
    }

    private interface Content<K, T> {
        T read(BodyReader in, K kind, long call) throws IOException;
    }

    private <K, T> @Nullable T read(List<K> kinds, ToIntFunction<K> most, Content<K, T> content) throws IOException {
        if (source.ended()) {
            return null;
        }
        var header = source.with(Protocol.HEADER);
        var length = header.getInt();
        var place = Byte.toUnsignedInt(header.get());
        var call = header.getLong();
        if (place >= kinds.size()) {
            throw new ProtocolException("a message is of kind %d, which nobody knows".formatted(place));
        }
        var kind = kinds.get(place);
        var bound = Math.min(longest, most.applyAsInt(kind));
        if (length < 0 || length > bound) {
            throw new ProtocolException("a message of kind %s has %s bytes, and may have %d"
                    .formatted(kind, Integer.toUnsignedString(length), bound));
        }
        return body.body(length, in -> content.read(in, kind, call));
    }
}
