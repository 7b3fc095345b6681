// SPDX-License-Identifier: Apache-2.0
package dev.puna.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * A key and a certificate that nobody vouches for, made by the JDK's {@code keytool}.
 *
 * @param file the certificate in PEM, for those who are to trust it
 * @param context serves with it
 */
public record TestCertificate(Path file, SSLContext context) {
    private static final String PASSWORD = "secret";

    /** Makes one for a host. */
    public static TestCertificate of(String host, Path folder) throws IOException, GeneralSecurityException {
        var keys = folder.resolve("keys.p12");
        var certificate = folder.resolve("certificate.pem");
        var common = List.of("-alias", "k", "-keystore", keys.toString(), "-storepass", PASSWORD);
        keytool(
                common,
                "-genkeypair",
                "-keyalg",
                "EC",
                "-dname",
                "CN=" + host,
                "-ext",
                "san=dns:" + host,
                "-validity",
                "2");
        keytool(common, "-exportcert", "-rfc", "-file", certificate.toString());
        var factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(KeyStore.getInstance(keys.toFile(), PASSWORD.toCharArray()), PASSWORD.toCharArray());
        var context = SSLContext.getInstance("TLS");
        context.init(factory.getKeyManagers(), null, null);
        return new TestCertificate(certificate, context);
    }

    private static void keytool(List<String> common, String... more) throws IOException {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(List.of(more));
        command.addAll(common);
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while keytool ran", e);
        }
        assertThat(process.exitValue()).as(said).isZero();
    }
}
