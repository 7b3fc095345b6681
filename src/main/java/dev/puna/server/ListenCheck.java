// SPDX-License-Identifier: Apache-2.0
package dev.puna.server;

import dev.puna.failure.InvalidRequest;
import dev.puna.settings.HostAddress;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Locale;

/**
 * Looks whether an address can be listened on, before anything else is started for it. The sentences are those of Go's
 * {@code net} package, which clients of the wire contract know.
 */
final class ListenCheck {
    private final HostAddress host;

    ListenCheck(HostAddress host) {
        this.host = host;
    }

    /**
     * Listens for a moment, with the same reuse of addresses as the server.
     *
     * @throws InvalidRequest saying why it is not possible
     */
    void run() {
        var address = new InetSocketAddress(host.bind(), host.port());
        if (address.isUnresolved()) {
            throw new InvalidRequest("listen tcp: lookup " + host.host() + ": no such host");
        }
        try (var socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(address);
        } catch (IOException e) {
            throw new InvalidRequest(sentence(host, e));
        }
    }

    static String sentence(HostAddress host, Exception refused) {
        return "listen tcp " + host + ": bind: " + reason(String.valueOf(refused.getMessage()));
    }

    /** The reason as the system calls it, without what Java adds in brackets. */
    private static String reason(String message) {
        var plain = message.replaceFirst("\\s*\\(.*", "").toLowerCase(Locale.ROOT);
        return plain.contains("address already in use") ? "address already in use" : plain;
    }
}
