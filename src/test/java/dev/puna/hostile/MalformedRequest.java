// SPDX-License-Identifier: Apache-2.0
package dev.puna.hostile;

import static java.util.Objects.requireNonNull;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Bytes that a client sends on a connection of its own.
 *
 * @param route that they are meant for, like {@code POST /api/chat}
 * @param kind in what way they are wrong
 * @param answers that must come: this number, or fewer where {@code exact} is false
 * @param leaves whether the client is gone once it has sent them; else it closes its sending half and reads
 */
record MalformedRequest(String route, String kind, byte[] bytes, int answers, boolean exact, boolean leaves) {
    private static final int SHOWN = 300;

    MalformedRequest {
        requireNonNull(route, "route is null");
        requireNonNull(kind, "kind is null");
    }

    /** Whether answers have no bodies. */
    boolean isHead() {
        return bytes.length > 4 && new String(bytes, 0, 5, StandardCharsets.ISO_8859_1).equals("HEAD ");
    }

    /** The same cut off after so many bytes, to which there may be no answer. */
    MalformedRequest cut(int length) {
        return new MalformedRequest(route, kind + ", cut", Arrays.copyOf(bytes, length), answers, false, leaves);
    }

    /** The same of a client that is gone at once. */
    MalformedRequest left() {
        return new MalformedRequest(route, kind, bytes, answers, false, true);
    }

    @Override
    public String toString() {
        var text = new String(bytes, StandardCharsets.ISO_8859_1);
        return kind + ", " + bytes.length + " bytes: "
                + (text.length() > SHOWN ? text.substring(0, SHOWN) + "…" : text);
    }
}
