// SPDX-License-Identifier: Apache-2.0
package dev.puna.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import dev.puna.failure.Failure;
import dev.puna.registry.access.HostRules;
import dev.puna.registry.access.RegistryAccess;
import dev.puna.store.ModelStore;
import dev.puna.support.FakeRegistry;
import dev.puna.support.SharedVertx;
import java.io.IOException;
import java.net.ProxySelector;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Who gets a model from a registry that wants to know, and who learns what of it. */
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RegistryAuthTest {
    /** What stands before the 32 bytes of an ed25519 public key in its X.509 form. */
    private static final byte[] X509 = HexFormat.of().parseHex("302a300506032b6570032100");

    private final FakeRegistry registry = new FakeRegistry();
    private final FakeRegistry other = new FakeRegistry();
    private final List<String> proofs = new CopyOnWriteArrayList<>();

    @TempDir
    private Path folder;

    private PullService pulls;

    @BeforeEach
    void open() {
        var network = new RegistryAccess.Network(
                SharedVertx::get,
                Optional::empty,
                ProxySelector::getDefault,
                folder.resolve("key/id_ed25519"),
                folder.resolve("docker"),
                HostRules.NONE,
                Optional.empty());
        var limits = TransferLimits.of(2, 0);
        var access = new RegistryAccess(network, limits.stall(), "0.40.2");
        pulls = new PullService(ModelStore.open(folder.resolve("models")), access, limits);
        registry.model("latest", "weights".getBytes(UTF_8));
    }

    @AfterEach
    void close() {
        registry.close();
        other.close();
    }

    @Test
    void a_token_is_got_for_a_signature_that_fits_the_public_key() throws Exception {
        requireToken("http://" + registry.host() + "/token");

        pull();

        var proof = proofs.getFirst().split(" ", 2);
        var parts = proof[1].split(":");
        var blob = Base64.getDecoder().decode(parts[0]);
        var key = Arrays.copyOfRange(blob, blob.length - 32, blob.length);
        var encoded = Arrays.copyOf(X509, X509.length + key.length);
        System.arraycopy(key, 0, encoded, X509.length, key.length);
        var signature = Signature.getInstance("Ed25519");
        signature.initVerify(KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded)));
        signature.update(("GET,http://" + registry.host() + proof[0]
                        + ",ZTNiMGM0NDI5OGZjMWMxNDlhZmJmNGM4OTk2ZmI5MjQyN2FlNDFlNDY0OWI5MzRjYTQ5NTk5MWI3ODUyYjg1NQ==")
                .getBytes(UTF_8));
        assertThat(signature.verify(Base64.getDecoder().decode(parts[1]))).isTrue();
        assertThat(proof[0])
                .startsWith("/token?service=here&scope=repository%3Ame%2Fmodel%3Apull&ts=")
                .contains("&nonce=");
        assertThat(Files.readString(folder.resolve("key/id_ed25519.pub"))).contains(parts[0]);
        assertThat(Files.getPosixFilePermissions(folder.resolve("key/id_ed25519")))
                .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    }

    @Test
    void a_name_and_password_of_docker_login_are_used() throws Exception {
        var basic = Base64.getEncoder().encodeToString("ada:secret".getBytes(UTF_8));
        login(basic);
        registry.plan(exchange -> {
            var authorization = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
            if (authorization.equals("Basic " + basic)) {
                return false;
            }
            exchange.getResponseHeaders().set("WWW-Authenticate", "Basic realm=\"here\"");
            registry.answer(exchange, 401, new byte[0]);
            return true;
        });

        pull();
    }

    @Test
    void a_token_service_on_another_host_is_not_asked() {
        requireToken("http://" + other.host() + "/token");

        assertThatThrownBy(this::pull)
                .isInstanceOf(Failure.class)
                .hasMessage("realm host \"%s\" does not match original host \"%s\"", other.host(), registry.host());
        assertThat(other.requests()).isEmpty();
    }

    @Test
    void who_is_nobody_is_told_so() {
        registry.plan(exchange -> {
            exchange.getResponseHeaders().set("WWW-Authenticate", "Basic realm=\"here\"");
            registry.answer(exchange, 401, new byte[0]);
            return true;
        });

        assertThatThrownBy(this::pull).isInstanceOf(Failure.class).hasMessage("unauthorized: access denied");
    }

    @Test
    void credentials_do_not_go_to_the_host_that_has_the_bytes() throws Exception {
        login(Base64.getEncoder().encodeToString("ada:secret".getBytes(UTF_8)));
        requireToken("http://" + registry.host() + "/token");
        var authorized = new CopyOnWriteArrayList<String>();
        other.model("latest", "weights".getBytes(UTF_8));
        other.plan(exchange -> {
            authorized.addAll(exchange.getRequestHeaders().getOrDefault("Authorization", List.of()));
            return false;
        });
        registry.plan(exchange -> redirectsBlob(exchange, "http://" + other.host()));

        pull();

        assertThat(other.requests()).isNotEmpty();
        assertThat(authorized).isEmpty();
    }

    @Test
    void what_the_user_calls_insecure_may_come_from_another_host() {
        registry.plan(exchange -> {
            exchange.getResponseHeaders().set("Location", "http://" + other.host() + exchange.getRequestURI());
            registry.answer(exchange, 307, new byte[0]);
            return true;
        });
        other.model("latest", "weights".getBytes(UTF_8));

        pull();

        assertThat(other.requests()).isNotEmpty();
    }

    private boolean redirectsBlob(HttpExchange exchange, String to) throws IOException {
        if (!exchange.getRequestURI().getPath().contains("/blobs/")) {
            return false;
        }
        exchange.getResponseHeaders().set("Location", to + exchange.getRequestURI());
        registry.answer(exchange, 307, new byte[0]);
        return true;
    }

    private void requireToken(String realm) {
        registry.plan(exchange -> {
            var authorization = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
            if (exchange.getRequestURI().getPath().equals("/token")) {
                proofs.add(exchange.getRequestURI() + " " + authorization);
                registry.answer(exchange, 200, "{\"token\":\"t0ken\"}".getBytes(UTF_8));
                return true;
            }
            if (authorization.equals("Bearer t0ken")) {
                return false;
            }
            exchange.getResponseHeaders()
                    .set(
                            "WWW-Authenticate",
                            "Bearer realm=\"%s\",service=\"here\",scope=\"repository:me/model:pull\"".formatted(realm));
            registry.answer(exchange, 401, new byte[0]);
            return true;
        });
    }

    private void login(String basic) throws IOException {
        Files.createDirectories(folder.resolve("docker"));
        Files.writeString(
                folder.resolve("docker/config.json"),
                "{\"auths\":{\"%s\":{\"auth\":\"%s\"}}}".formatted(registry.host(), basic));
    }

    private void pull() {
        pulls.job(Repository.parse(registry.host() + "/me/model", true), "").run(_ -> {});
    }
}
