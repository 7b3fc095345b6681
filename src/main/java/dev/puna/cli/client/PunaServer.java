// SPDX-License-Identifier: Apache-2.0
package dev.puna.cli.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import dev.puna.model.Digest;
import dev.puna.network.SystemTrust;
import dev.puna.settings.HostAddress;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.NoRouteToHostException;
import java.net.ProtocolException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * A server's API, as far as the commands use it.
 *
 * <p>Each call opens and ends one exchange and blocks until then. A thread that waits in a call is best a virtual one if it
 * may have to be interrupted: that closes the connection, by which the server learns that nobody listens any more.
 *
 * <p>{@link HttpURLConnection} starts in a tenth of the time that {@code java.net.http} takes, which is most of what a short
 * command lasts.
 */
public final class PunaServer {
    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final Duration SHORT_ANSWER = Duration.ofMinutes(2);
    private static final int UPLOAD_BUFFER = 1 << 18;
    private static final int LONGEST_ERROR = 300;
    private static final String OFFERED = "Puna-File";

    private final HostAddress address;
    private final SystemTrust trust;

    /**
     * @param trust asked where the address begins with {@code https}
     */
    public PunaServer(HostAddress address, SystemTrust trust) {
        this.address = requireNonNull(address, "address is null");
        this.trust = requireNonNull(trust, "trust is null");
    }

    public HostAddress address() {
        return address;
    }

    /** Whether somebody answers within the time. */
    public boolean answers(Duration patience) {
        try {
            var connection = open("HEAD", "/");
            connection.setConnectTimeout((int) patience.toMillis());
            connection.setReadTimeout((int) patience.toMillis());
            return connection.getResponseCode() > 0;
        } catch (IOException _) {
            return false;
        }
    }

    /** What is at a path, behind which a query may stand. */
    public ServerJson get(String path) {
        return exchange("GET", path, null);
    }

    public ServerJson post(String path, Map<String, ?> body) {
        return exchange("POST", path, body);
    }

    public ServerJson delete(String path, Map<String, ?> body) {
        return exchange("DELETE", path, body);
    }

    /** Sends the request and hands over each line of the answer as it comes; an error in the answer ends it. */
    public void stream(String path, Map<String, ?> body, Consumer<ServerJson> each) {
        try {
            var connection = open("POST", path);
            send(connection, body);
            if (connection.getResponseCode() >= 400) {
                throw refused(connection, connection.getResponseCode() + " " + connection.getResponseMessage() + ": ");
            }
            try (var lines = new BufferedReader(new InputStreamReader(connection.getInputStream(), UTF_8))) {
                for (var line = lines.readLine(); line != null; line = lines.readLine()) {
                    each.accept(answered(line));
                }
            }
        } catch (IOException e) {
            throw lost(e);
        }
    }

    /** Whether the server has these bytes. */
    public boolean hasBlob(Digest digest) {
        try {
            var connection = open("HEAD", "/api/blobs/" + digest.text());
            connection.setReadTimeout((int) SHORT_ANSWER.toMillis());
            return connection.getResponseCode() == 200;
        } catch (IOException e) {
            throw lost(e);
        }
    }

    /**
     * Has a server on this machine take a file from where it is, under its digest.
     *
     * @param link whether the server's file may be this one by a second name
     * @return linked, shared or copied, or nothing where the file has to be sent
     */
    public Optional<String> offer(Digest digest, Path file, boolean link) {
        if (!address.isLoopback()) {
            return Optional.empty();
        }
        try {
            var connection = open("POST", "/api/blobs/" + digest.text());
            connection.setRequestProperty(OFFERED, URLEncoder.encode(file.toString(), UTF_8));
            if (link) {
                connection.setRequestProperty("Puna-Link", "1");
            }
            connection.setDoOutput(true);
            connection.setFixedLengthStreamingMode(0);
            return connection.getResponseCode() == 201
                    ? Optional.ofNullable(connection.getHeaderField(OFFERED))
                    : Optional.empty();
        } catch (IOException e) {
            throw lost(e);
        }
    }

    /**
     * Sends a file under its digest.
     *
     * @param sent is told how many bytes are on their way
     */
    public void upload(Digest digest, Path file, LongConsumer sent) {
        try (var content = Files.newInputStream(file)) {
            var connection = open("POST", "/api/blobs/" + digest.text());
            connection.setDoOutput(true);
            connection.setFixedLengthStreamingMode(Files.size(file));
            copy(content, connection, sent);
            if (connection.getResponseCode() >= 400) {
                throw refused(connection, "");
            }
        } catch (IOException e) {
            throw lost(e);
        }
    }

    private static void copy(InputStream content, HttpURLConnection connection, LongConsumer sent) throws IOException {
        try (var body = connection.getOutputStream()) {
            var buffer = new byte[UPLOAD_BUFFER];
            var total = 0L;
            for (var read = content.read(buffer); read >= 0; read = content.read(buffer)) {
                body.write(buffer, 0, read);
                total += read;
                sent.accept(total);
            }
        }
    }

    private ServerJson exchange(String method, String path, @Nullable Map<String, ?> body) {
        try {
            var connection = open(method, path);
            connection.setReadTimeout((int) SHORT_ANSWER.toMillis());
            if (body != null) {
                send(connection, body);
            }
            if (connection.getResponseCode() >= 400) {
                throw refused(connection, "");
            }
            var text = new String(connection.getInputStream().readAllBytes(), UTF_8);
            if (text.isBlank()) {
                return new ServerJson(null);
            }
            return ServerJson.read(text).orElseThrow(() -> new CommandFailure(notJson(text)));
        } catch (IOException e) {
            throw lost(e);
        }
    }

    private HttpURLConnection open(String method, String path) throws IOException {
        try {
            var base = address.connect();
            var prefix = base.getRawPath().endsWith("/") ? base.getRawPath().substring(1) : base.getRawPath();
            var parts = path.split("\\?", 2);
            var query = parts.length > 1 ? parts[1] : null;
            var url = new URI(base.getScheme(), base.getRawAuthority(), prefix + parts[0], query, null).toURL();
            if (!(url.openConnection() instanceof HttpURLConnection connection)) {
                throw new ProtocolException("not an HTTP address: " + url);
            }
            if (connection instanceof HttpsURLConnection secure) {
                trust.context().map(SSLContext::getSocketFactory).ifPresent(secure::setSSLSocketFactory);
            }
            connection.setRequestMethod(method);
            connection.setInstanceFollowRedirects(false);
            connection.setConnectTimeout((int) CONNECT.toMillis());
            connection.setRequestProperty("Accept", "application/json, application/x-ndjson");
            connection.setRequestProperty("User-Agent", "puna");
            return connection;
        } catch (URISyntaxException e) {
            throw new ProtocolException(e.getMessage());
        }
    }

    private static void send(HttpURLConnection connection, Map<String, ?> body) throws IOException {
        var bytes = ServerJson.write(body).getBytes(UTF_8);
        connection.setDoOutput(true);
        connection.setFixedLengthStreamingMode(bytes.length);
        connection.setRequestProperty("Content-Type", "application/json");
        try (var out = connection.getOutputStream()) {
            out.write(bytes);
        }
    }

    private ServerJson answered(String line) {
        var json = ServerJson.read(line).orElseThrow(() -> new CommandFailure(notJson(line)));
        var error = json.text("error");
        if (!error.isEmpty()) {
            throw new Refused(200, false, error);
        }
        return json;
    }

    private Refused refused(HttpURLConnection connection, String prefix) throws IOException {
        try (var body = connection.getErrorStream()) {
            var text = body == null ? "" : new String(body.readAllBytes(), UTF_8);
            var error = ServerJson.read(text).map(json -> json.text("error")).filter(message -> !message.isEmpty());
            var status = connection.getResponseCode() + " " + connection.getResponseMessage() + ": ";
            var reason = isPage(text) ? status + whatAnswers() : prefix + firstLine(text);
            return new Refused(
                    connection.getResponseCode(),
                    connection.getResponseCode() == 404 && error.isEmpty() && !isPage(text),
                    error.map(prefix::concat).orElse(reason));
        }
    }

    private String notJson(String text) {
        return isPage(text) ? whatAnswers() : "the server sent what is not JSON: " + firstLine(text);
    }

    private static boolean isPage(String text) {
        return text.stripLeading().startsWith("<");
    }

    private String whatAnswers() {
        return "a web page came from " + address
                + " and not a model server's answer (PUNA_HOST or OLLAMA_HOST names it)";
    }

    private static String firstLine(String text) {
        var line = text.lines().findFirst().orElse("the server gave no reason");
        return line.substring(0, Math.min(line.length(), LONGEST_ERROR));
    }

    private CommandFailure lost(IOException e) {
        return switch (e) {
            case ConnectException _, NoRouteToHostException _ -> new ServerUnreachable(e);
            case UnknownHostException _ ->
                new CommandFailure("there is no host " + address.host() + " (PUNA_HOST or OLLAMA_HOST names it)", e);
            case SSLException _ ->
                new CommandFailure(
                        "no TLS connection to the server at " + address + " came about: " + IoReason.of(e)
                                + " (SSL_CERT_FILE names the certificates that are trusted)",
                        e);
            case SocketTimeoutException _ ->
                new CommandFailure("the server at " + address + " did not answer in time", e);
            default ->
                new CommandFailure("the connection to the server at " + address + " broke: " + IoReason.of(e), e);
        };
    }
}
