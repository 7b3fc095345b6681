// SPDX-License-Identifier: Apache-2.0
package dev.puna.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A Unix socket that takes datagrams, as a supervisor has one. Java has none, so Python listens and hands each on as a line,
 * its line ends as "|". Nobody waits longer than the patience for one.
 */
public final class DatagramSocketFile implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String LISTEN = """
            import socket, sys
            name = sys.argv[1]
            s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
            s.bind("\\0" + name[1:] if name[0] == "@" else name)
            print("listening", flush=True)
            while True:
                print(s.recv(4096).decode().replace("\\n", "|"), flush=True)
            """;

    private final Process python;
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

    /** Listens at a path, or at an abstract name behind an "@". */
    public DatagramSocketFile(String address) throws IOException, InterruptedException {
        python = new ProcessBuilder("python3", "-c", LISTEN, address)
                .redirectErrorStream(true)
                .start();
        var reader = python.inputReader();
        Thread.ofVirtual().start(() -> read(reader));
        assertThat(next(PATIENCE)).isEqualTo("listening");
    }

    private void read(BufferedReader reader) {
        try {
            reader.lines().forEach(lines::add);
        } catch (UncheckedIOException _) {
            // Closed while it was read.
        }
    }

    /** The next datagram. */
    public String next() throws InterruptedException {
        var line = next(PATIENCE);
        assertThat(line).as("a datagram within %s", PATIENCE).isNotNull();
        return String.valueOf(line);
    }

    /** The next datagram that begins so; others before it are dropped. */
    public String next(String beginning) throws InterruptedException {
        while (true) {
            var line = next();
            if (line.startsWith(beginning)) {
                return line;
            }
        }
    }

    /** The next datagram, or null if none comes in time. */
    public @Nullable String next(Duration patience) throws InterruptedException {
        return lines.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        python.destroyForcibly();
    }
}
