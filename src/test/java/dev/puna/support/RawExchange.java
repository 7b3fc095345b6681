// SPDX-License-Identifier: Apache-2.0
package dev.puna.support;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * One HTTP/1.1 request on a socket of its own, byte for byte, and its answer as it comes in: for what HTTP clients hide.
 * Every read is bounded by a timeout.
 */
public final class RawExchange implements Closeable {
    private static final int TIMEOUT_MILLIS = 10_000;
    private static final int CHUNK_RADIX = 16;

    private final Socket socket;
    private final InputStream in;
    private int status;
    private final List<String> headers = new ArrayList<>();

    private RawExchange(Socket socket) throws IOException {
        this.socket = socket;
        socket.setSoTimeout(TIMEOUT_MILLIS);
        in = socket.getInputStream();
    }

    /** Connects without sending anything. */
    public static RawExchange open(URI server) throws IOException {
        return new RawExchange(new Socket(server.getHost(), server.getPort()));
    }

    /** Sends a whole request with a body; the lines of {@code head} come without line ends. */
    public static RawExchange send(URI server, String body, String... head) throws IOException {
        var exchange = open(server);
        var lines = new ArrayList<>(List.of(head));
        if (lines.stream().noneMatch(line -> line.startsWith("Host:"))) {
            lines.add("Host: " + server.getAuthority());
        }
        var content = body.getBytes(StandardCharsets.UTF_8);
        if (lines.stream().noneMatch(line -> line.startsWith("Content-Length:"))) {
            lines.add("Content-Length: " + content.length);
        }
        lines.add("");
        exchange.writeLines(lines.toArray(String[]::new));
        exchange.write(body);
        return exchange;
    }

    /** Sends text as it is. */
    public void write(String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
        socket.getOutputStream().flush();
    }

    /** Closes the sending half: nothing more comes from this client. */
    public void endOutput() throws IOException {
        socket.shutdownOutput();
    }

    /** Sends lines, each with the line end of HTTP. */
    public void writeLines(String... lines) throws IOException {
        write(String.join("\r\n", lines) + "\r\n");
    }

    /** Sends the content of a file; stops quietly if the server does not want all of it. */
    public void write(Path file) throws IOException {
        try (var content = Files.newInputStream(file)) {
            var buffer = new byte[1 << 20];
            for (var read = content.read(buffer); read > 0; read = content.read(buffer)) {
                socket.getOutputStream().write(buffer, 0, read);
            }
        } catch (SocketException _) {
            // The answer says why.
        }
    }

    /** Goes on to the next answer of this connection. */
    public RawExchange next() {
        status = 0;
        headers.clear();
        return this;
    }

    /** Reads the head of the answer and returns its status. */
    public int status() throws IOException {
        if (status == 0) {
            status = Integer.parseInt(line().split(" ")[1]);
            for (var line = line(); !line.isEmpty(); line = line()) {
                headers.add(line);
            }
        }
        return status;
    }

    /** All headers of the answer by their names in lower case. */
    public Map<String, String> headers() throws IOException {
        status();
        var result = new HashMap<String, String>();
        for (var line : headers) {
            var colon = line.indexOf(':');
            result.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
        return result;
    }

    /** The value of a header of the answer. */
    public Optional<String> header(String name) throws IOException {
        status();
        return headers.stream()
                .filter(line -> line.regionMatches(true, 0, name + ":", 0, name.length() + 1))
                .map(line -> line.substring(name.length() + 1).strip())
                .findFirst();
    }

    /** The next chunk of a chunked body, empty at its end. */
    public String chunk() throws IOException {
        status();
        var length = Integer.parseInt(line(), CHUNK_RADIX);
        var content = new String(in.readNBytes(length), StandardCharsets.UTF_8);
        line();
        return content;
    }

    /** The rest of the body, by its length, by its chunks, or until the server closes. */
    public String body() throws IOException {
        var length = header("Content-Length");
        if (length.isPresent()) {
            return new String(in.readNBytes(Integer.parseInt(length.get())), StandardCharsets.UTF_8);
        }
        if (header("Transfer-Encoding").isEmpty()) {
            return status == 204 ? "" : new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
        var body = new StringBuilder();
        for (var chunk = chunk(); !chunk.isEmpty(); chunk = chunk()) {
            body.append(chunk);
        }
        return body.toString();
    }

    /** Whether nothing arrives for a while. */
    public boolean isSilent(Duration time) throws IOException {
        socket.setSoTimeout((int) time.toMillis());
        try {
            return in.read() < 0;
        } catch (SocketTimeoutException _) {
            return true;
        } finally {
            socket.setSoTimeout(TIMEOUT_MILLIS);
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private String line() throws IOException {
        var line = new ByteArrayOutputStream();
        for (var c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new IOException("the server closed the connection after " + line);
            }
            line.write(c);
        }
        return line.toString(StandardCharsets.UTF_8).stripTrailing();
    }
}
