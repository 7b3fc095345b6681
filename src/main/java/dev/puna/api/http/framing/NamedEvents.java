// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.http.framing;

import java.time.Duration;
import java.util.Optional;

/** Server-sent events of which each has a name, an error that of {@code error}, and after the last of which nothing comes. */
public interface NamedEvents extends Framing {
    /** Without anything of a dialect's own. */
    ServerSentEvents PLAIN = new ServerSentEvents("error", "");

    @Override
    default String contentType() {
        return PLAIN.contentType();
    }

    @Override
    default boolean grows() {
        return PLAIN.grows();
    }

    @Override
    default byte[] item(Object item) {
        return PLAIN.item(item);
    }

    @Override
    default Optional<byte[]> error(Object body, boolean afterItems) {
        return PLAIN.error(body, afterItems);
    }

    @Override
    default byte[] nothing() {
        return PLAIN.nothing();
    }

    @Override
    default Duration longestSilence() {
        return PLAIN.longestSilence();
    }
}
