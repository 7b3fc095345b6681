// SPDX-License-Identifier: Apache-2.0
package dev.puna.registry;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.ProxySelector;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;

/**
 * Sends single requests: no redirect is followed and no credential added here.
 *
 * <p>{@link HttpURLConnection} is in the program anyway, for the commands; {@code java.net.http} would make it 1.9 MB larger.
 * <b>Threads:</b> any; a call blocks, and so does reading the answer. An interrupt ends either if the thread is a virtual one.
 */
final class RegistryHttp {
    private static final Duration CONNECT = Duration.ofSeconds(30);

    private final Optional<SSLContext> trust;
    private final ProxySelector proxies;
    private final Duration silence;
    private final String userAgent;

    /**
     * @param trust makes connections by {@code https}; empty for what came with the program's Java
     * @param silence time after which an answer of which nothing comes is given up
     * @param userAgent what this program calls itself
     */
    RegistryHttp(Optional<SSLContext> trust, ProxySelector proxies, Duration silence, String userAgent) {
        this.trust = requireNonNull(trust, "trust is null");
        this.proxies = requireNonNull(proxies, "proxies is null");
        this.silence = requireNonNull(silence, "silence is null");
        this.userAgent = requireNonNull(userAgent, "userAgent is null");
    }

    /** Asks for something and gives the answer once its headers are there; close it. */
    RegistryResponse get(URI address, Map<String, String> headers) throws IOException {
        var connection = (HttpURLConnection)
                address.toURL().openConnection(proxies.select(address).getFirst());
        if (connection instanceof HttpsURLConnection secure) {
            trust.map(SSLContext::getSocketFactory).ifPresent(secure::setSSLSocketFactory);
        }
        connection.setInstanceFollowRedirects(false);
        connection.setUseCaches(false);
        connection.setConnectTimeout((int) CONNECT.toMillis());
        connection.setReadTimeout((int) silence.toMillis());
        connection.setRequestProperty("User-Agent", userAgent);
        connection.setRequestProperty("Accept", "*/*");
        headers.forEach(connection::setRequestProperty);
        var status = connection.getResponseCode();
        if (status < 0) {
            connection.disconnect();
            throw new IOException("malformed HTTP response");
        }
        var body = status < 400 ? connection.getInputStream() : connection.getErrorStream();
        return new RegistryResponse(
                address, status, connection::getHeaderField, body == null ? InputStream.nullInputStream() : body);
    }
}
