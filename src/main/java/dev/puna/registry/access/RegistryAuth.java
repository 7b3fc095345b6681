// SPDX-License-Identifier: Apache-2.0
package dev.puna.registry.access;

import dev.puna.failure.RegistryFailure;
import dev.puna.registry.http.RegistryHttp;
import dev.puna.registry.http.RegistryRequest;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How one repository knows who asks: by nothing, by a name and password, or by a token that is got for a signature or for these.
 * <b>Threads:</b> any. Source: contract 4.
 */
final class RegistryAuth {
    private static final int LONGEST_TOKEN = 1 << 20;
    private static final int NONCE_BYTES = 16;

    private final RegistryHttp http;
    private final Credentials credentials;
    private final SigningKey key;
    private volatile @Nullable String authorization;

    RegistryAuth(RegistryHttp http, Credentials credentials, SigningKey key) {
        this.http = http;
        this.credentials = credentials;
        this.key = key;
    }

    /** The value of {@code Authorization} that counts now. */
    Optional<String> header() {
        return Optional.ofNullable(authorization);
    }

    /** Does what a registry asks for; false if nothing can be done. */
    boolean answer(URI asked, Challenge challenge) throws IOException {
        var basic = credentials.basic(asked.getAuthority());
        switch (challenge.scheme()) {
            case "basic" -> {
                authorization = basic.map(known -> "Basic " + known).orElse(null);
                return basic.isPresent();
            }
            case "bearer" -> {
                authorization = "Bearer " + token(asked, challenge, basic);
                return true;
            }
            default -> {
                return false;
            }
        }
    }

    private String token(URI asked, Challenge challenge, Optional<String> basic) throws IOException {
        var address = tokenAddress(asked, challenge);
        var proof = basic.isPresent() ? "Basic " + basic.get() : key.sign("GET", address);
        try (var response = http.send(RegistryRequest.of("GET", address, Map.of("Authorization", proof)))) {
            if (response.status() >= 400) {
                throw new RegistryFailure("unauthorized: access denied", RegistryFailure.Kind.UNAUTHORIZED);
            }
            var answer = RegistryJson.read(response.read(LONGEST_TOKEN));
            var token = answer.path("token").asText(answer.path("access_token").asText(""));
            if (token.isEmpty() || token.chars().anyMatch(letter -> letter <= ' ' || letter > '~')) {
                throw new RegistryFailure("the registry's token service answers without a token");
            }
            return token;
        }
    }

    private static URI tokenAddress(URI asked, Challenge challenge) {
        URI realm;
        try {
            realm = URI.create(challenge.parameter("realm"));
        } catch (IllegalArgumentException _) {
            throw new RegistryFailure("the registry names no address to get a token from");
        }
        if (realm.getAuthority() == null || !realm.getAuthority().equalsIgnoreCase(asked.getAuthority())) {
            throw new RegistryFailure("realm host \"%s\" does not match original host \"%s\""
                    .formatted(String.valueOf(realm.getAuthority()), asked.getAuthority()));
        }
        if (!String.valueOf(realm.getScheme()).equalsIgnoreCase(asked.getScheme())) {
            throw new RegistryFailure("the registry wants a token by another protocol than " + asked.getScheme());
        }
        var query = new ArrayList<String>();
        query.add("service=" + encoded(challenge.parameter("service")));
        challenge.scopes().forEach(scope -> query.add("scope=" + encoded(scope)));
        query.add("ts=" + Instant.now().getEpochSecond());
        query.add("nonce=" + nonce());
        var before = realm.getRawQuery() == null ? "" : realm.getRawQuery() + "&";
        return URI.create("%s://%s%s?%s%s"
                .formatted(
                        realm.getScheme(),
                        realm.getRawAuthority(),
                        realm.getRawPath(),
                        before,
                        String.join("&", query)));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static String nonce() {
        var bytes = new byte[NONCE_BYTES];
        new SecureRandom().nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
