// SPDX-License-Identifier: Apache-2.0
package dev.puna.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;

/** A client on a socket of its own, with a small buffer, that reads as it likes. */
final class SlowReader implements Closeable {
    private static final int BUFFER = 4096;
    private static final long PAUSE_MILLIS = 1_000;
    private static final String ANSWERED = "HTTP/1.1 200";
    private static final Duration LONGEST = Duration.ofMinutes(10);

    private final Socket socket = new Socket();
    private volatile boolean begun;

    private SlowReader(URI server) throws IOException {
        socket.setReceiveBufferSize(BUFFER);
        socket.connect(new InetSocketAddress(server.getHost(), server.getPort()));
    }

    /** One that asks for a text. */
    SlowReader(URI server, int tokens) throws IOException {
        this(server, "bench", tokens);
    }

    /** The same of another model. */
    SlowReader(URI server, String model, int tokens) throws IOException {
        this(server);
        var body = body(model, tokens);
        var request = "POST /api/generate HTTP/1.1\r\nHost: " + server.getAuthority()
                + "\r\nAuthorization: Bearer slow\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
        socket.getOutputStream().write(request.getBytes(US_ASCII));
    }

    /** One that asks for nothing. */
    static SlowReader silent(URI server) throws IOException {
        return new SlowReader(server);
    }

    static String body(int tokens) {
        return body("bench", tokens);
    }

    private static String body(String model, int tokens) {
        return "{\"model\":\"" + model + "\",\"raw\":true,\"prompt\":\"" + Prompts.story()
                + "\",\"options\":{\"temperature\":0,\"num_predict\":" + tokens + "}}";
    }

    /** To the end, or until it is closed. */
    Void readAll() throws IOException {
        var buffer = new byte[BUFFER];
        while (socket.getInputStream().read(buffer) >= 0) {
            // what comes is of no interest
        }
        return null;
    }

    /** A few bytes a second. */
    Void readSlowly() throws IOException, InterruptedException {
        readSlowlyFor(LONGEST);
        return null;
    }

    /** The same, for so long at most. */
    void readSlowlyFor(Duration time) throws IOException, InterruptedException {
        socket.setSoTimeout((int) LONGEST.toMillis());
        var buffer = new byte[64];
        var status = socket.getInputStream().readNBytes(ANSWERED.length());
        if (!ANSWERED.equals(new String(status, US_ASCII))) {
            throw new IOException("answered " + new String(status, US_ASCII));
        }
        begun = true;
        var end = System.nanoTime() + time.toNanos();
        while (System.nanoTime() < end && socket.getInputStream().read(buffer) >= 0) {
            Thread.sleep(PAUSE_MILLIS);
        }
    }

    /** Whether an answer has begun that is read slowly. */
    boolean hasBegun() {
        return begun;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
