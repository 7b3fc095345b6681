// SPDX-License-Identifier: Apache-2.0
package dev.puna.cli.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.puna.failure.InvalidRequest;
import dev.puna.network.SystemTrust;
import dev.puna.settings.HostAddress;
import dev.puna.support.TestCertificate;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(60)
class SystemTrustTest {
    @TempDir
    private static Path folder;

    private static Path certificate;
    private static HttpsServer server;

    @BeforeAll
    static void serve() throws Exception {
        var made = TestCertificate.of("localhost", folder);
        certificate = made.file();
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(made.context()));
        server.createContext("/api/version", exchange -> {
            var body = "{\"version\":\"1.2.3\"}".getBytes(UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
    }

    @AfterAll
    static void stop() {
        server.stop(0);
    }

    @Test
    void a_server_behind_TLS_is_asked_when_its_certificate_is_trusted() {
        assertThat(asked(certificate).text("version")).isEqualTo("1.2.3");
    }

    @Test
    void a_certificate_that_nobody_vouches_for_is_refused_with_what_to_do() {
        assertThatThrownBy(() -> asked(Path.of("")))
                .isInstanceOf(CommandFailure.class)
                .hasMessageContaining("SSL_CERT_FILE");
    }

    @Test
    void a_file_of_certificates_that_is_none_is_named() throws IOException {
        var noise = Files.writeString(folder.resolve("noise.pem"), "-----BEGIN CERTIFICATE-----\nAAAA\n");

        assertThatThrownBy(() -> asked(noise))
                .isInstanceOf(InvalidRequest.class)
                .hasMessageContaining("noise.pem");
        assertThatThrownBy(() -> asked(folder.resolve("nowhere.pem")))
                .isInstanceOf(InvalidRequest.class)
                .hasMessageContaining("nowhere.pem does not exist");
    }

    private static ServerJson asked(Path trusted) {
        var address =
                HostAddress.parse("https://localhost:" + server.getAddress().getPort());
        return new PunaServer(address, new SystemTrust(Map.of("SSL_CERT_FILE", trusted.toString())))
                .get("/api/version");
    }
}
