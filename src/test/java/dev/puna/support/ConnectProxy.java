// SPDX-License-Identifier: Apache-2.0
package dev.puna.support;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** A proxy for TLS that leads every connection to one host to a server of the test, and refuses all others. */
public final class ConnectProxy implements AutoCloseable {
    private final ServerSocket listening;
    private final String host;
    private final InetSocketAddress instead;

    /**
     * @param host the one for which the server stands
     */
    public ConnectProxy(String host, InetSocketAddress instead) throws IOException {
        this.host = host;
        this.instead = instead;
        listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    /** As {@code HTTPS_PROXY} wants it. */
    public String address() {
        return "http://127.0.0.1:" + listening.getLocalPort();
    }

    private void accept() {
        while (!listening.isClosed()) {
            try {
                var client = listening.accept();
                Thread.ofVirtual().start(() -> serve(client));
            } catch (IOException _) {
                return;
            }
        }
    }

    private void serve(Socket client) {
        try (client;
                var server = new Socket()) {
            var in = new BufferedReader(new InputStreamReader(client.getInputStream(), ISO_8859_1), 1);
            var asked = String.valueOf(in.readLine());
            while (!String.valueOf(in.readLine()).isEmpty()) {
                // The headers say nothing that counts here.
            }
            if (!asked.startsWith("CONNECT " + host + ":443 ")) {
                client.getOutputStream().write("HTTP/1.1 502 Bad Gateway\r\n\r\n".getBytes(ISO_8859_1));
                return;
            }
            server.connect(instead, 5_000);
            client.getOutputStream().write("HTTP/1.1 200 OK\r\n\r\n".getBytes(ISO_8859_1));
            var back = Thread.ofVirtual().start(() -> copy(server, client));
            copy(client, server);
            back.join();
        } catch (IOException _) {
            // Either side has left.
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private static void copy(Socket from, Socket to) {
        try {
            from.getInputStream().transferTo(to.getOutputStream());
            to.shutdownOutput();
        } catch (IOException _) {
            // Either side has left.
        }
    }

    @Override
    public void close() throws IOException {
        listening.close();
    }
}
