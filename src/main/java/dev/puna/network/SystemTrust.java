// SPDX-License-Identifier: Apache-2.0
package dev.puna.network;

import static java.util.Objects.requireNonNull;

import dev.puna.failure.InvalidRequest;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * The authorities that this system trusts, for whoever is behind {@code https}: the file that {@code SSL_CERT_FILE} names, as for
 * Go's programs, or else the bundle where distributions keep it. Without any, those that came with the program's Java.
 *
 * @param environment variables of the process
 */
public record SystemTrust(Map<String, String> environment) {
    /** Debian and Alpine; Fedora; openSUSE; BSD and macOS. */
    private static final List<String> BUNDLES = List.of(
            "/etc/ssl/certs/ca-certificates.crt",
            "/etc/pki/tls/certs/ca-bundle.crt",
            "/etc/ssl/ca-bundle.pem",
            "/etc/ssl/cert.pem");

    public SystemTrust {
        environment = Map.copyOf(requireNonNull(environment, "environment is null"));
    }

    /** Makes TLS connections; a file that was named but cannot be used is an {@link InvalidRequest}. */
    public Optional<SSLContext> context() {
        var named = environment.getOrDefault("SSL_CERT_FILE", "");
        if (!named.isEmpty()) {
            return Optional.of(trusting(Path.of(named)));
        }
        return BUNDLES.stream()
                .map(Path::of)
                .filter(Files::isReadable)
                .findFirst()
                .map(SystemTrust::trusting);
    }

    private static SSLContext trusting(Path bundle) {
        try (var certificates = Files.newInputStream(bundle)) {
            var authorities = KeyStore.getInstance(KeyStore.getDefaultType());
            authorities.load(null, null);
            for (var certificate : CertificateFactory.getInstance("X.509").generateCertificates(certificates)) {
                authorities.setCertificateEntry("authority-" + authorities.size(), certificate);
            }
            var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(authorities);
            var context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (IOException | GeneralSecurityException e) {
            throw new InvalidRequest("the certificates in " + bundle
                    + " cannot be used (SSL_CERT_FILE may name another file): " + reason(e));
        }
    }

    private static String reason(Exception cause) {
        return switch (cause) {
            case NoSuchFileException missing -> missing.getFile() + " does not exist";
            case AccessDeniedException denied -> "no permission for " + denied.getFile();
            default -> String.valueOf(cause.getMessage());
        };
    }
}
