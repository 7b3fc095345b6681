// SPDX-License-Identifier: Apache-2.0
package dev.puna.registry.http;

import io.netty.channel.ConnectTimeoutException;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.StreamResetException;
import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import javax.net.ssl.SSLException;

/** Vert.x's and Netty's failures as those of {@code java.net}, which {@link ConnectionReason} knows. */
final class Unanswered {
    /** What Vert.x says of any failed handshake; its cause says why. */
    private static final String NO_TLS = "Failed to create SSL connection";

    private Unanswered() {}

    static IOException because(Throwable cause) {
        return switch (cause) {
            case ConnectTimeoutException _ -> new SocketTimeoutException("Connect timed out");
            case NoRouteToHostException e -> plain(e, new NoRouteToHostException(words(e)));
            case ConnectException e -> plain(e, new ConnectException(words(e)));
            case SSLException e when NO_TLS.equals(e.getMessage()) && e.getCause() != null -> because(e.getCause());
            case IOException e -> e;
            case HttpClosedException _, StreamResetException _ -> new EOFException();
            default -> new IOException(String.valueOf(cause.getMessage()), cause);
        };
    }

    /** Netty adds the address that was connected to, which the caller names anyway. */
    private static String words(IOException annotated) {
        var root = annotated.getCause() == null ? annotated : annotated.getCause();
        return String.valueOf(root.getMessage());
    }

    private static IOException plain(IOException cause, IOException instead) {
        instead.initCause(cause);
        return instead;
    }
}
