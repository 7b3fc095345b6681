// SPDX-License-Identifier: Apache-2.0
package dev.puna.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.puna.failure.RegistryFailure;
import dev.puna.registry.access.HostRules;
import dev.puna.support.FakeRegistry;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HostRulesTest {
    private final FakeRegistry registry = new FakeRegistry();
    private final FakeRegistry other = new FakeRegistry();

    @TempDir
    private Path folder;

    @AfterEach
    void close() {
        registry.close();
        other.close();
    }

    @ParameterizedTest
    @CsvSource({
        "registry.example, https://registry.example/v2/, true",
        "registry.example, https://REGISTRY.example:5000/v2/, true",
        "registry.example, https://a.registry.example/v2/, false",
        "registry.example, https://registry.example.evil/v2/, false",
        "registry.example:5000, https://registry.example:5000/v2/, true",
        "registry.example:5000, https://registry.example/v2/, false",
        "registry.example:443, https://registry.example/v2/, true",
        "*.example, https://a.b.example/v2/, true",
        "*.example, https://example/v2/, false",
        "*.example, https://evilexample/v2/, false",
        "*, https://anything/v2/, true",
        "[::1]:5000, 'http://[::1]:5000/v2/', true",
        "[::1], 'http://[::1]:5000/v2/', true",
        "[::1], 'http://[::2]/v2/', false",
    })
    void a_pattern_fits_a_host_or_not(String pattern, String address, boolean fits) {
        var allow = new HostRules(List.of(pattern), List.of(), false);
        var deny = new HostRules(List.of("*"), List.of(pattern), false);
        var uri = URI.create(address);

        if (fits) {
            assertThatCode(() -> allow.check(uri)).doesNotThrowAnyException();
            assertThatThrownBy(() -> deny.check(uri))
                    .isInstanceOf(RegistryFailure.class)
                    .hasMessageContaining("PUNA_REGISTRY_DENY");
        } else {
            assertThatThrownBy(() -> allow.check(uri))
                    .isInstanceOf(RegistryFailure.class)
                    .hasMessageContaining("PUNA_REGISTRY_ALLOW");
            assertThatCode(() -> deny.check(uri)).doesNotThrowAnyException();
        }
    }

    @Test
    void a_registry_that_is_denied_is_not_asked() {
        try (var puna =
                new PullsOfTests(folder, registry.host(), new HostRules(List.of(), List.of(registry.host()), false))) {
            puna.install("me/model", PullsOfTests.random(100));

            assertThatThrownBy(() -> puna.pull("me/model")).hasMessageContaining("127.0.0.1 may not be asked");
            assertThatThrownBy(() -> puna.push("me/model")).hasMessageContaining("127.0.0.1 may not be asked");
        }
        assertThat(registry.requests()).isEmpty();
    }

    @Test
    void a_host_that_is_not_allowed_is_not_sent_on_to() {
        var digest = registry.model("latest", PullsOfTests.random(100)).getFirst();
        registry.planTimes(100, digest.text(), exchange -> {
            exchange.getResponseHeaders().set("Location", "http://" + other.host() + exchange.getRequestURI());
            registry.answer(exchange, 307, new byte[0]);
            return true;
        });

        try (var puna =
                new PullsOfTests(folder, registry.host(), new HostRules(List.of(registry.host()), List.of(), false))) {
            assertThatThrownBy(() -> puna.pull("me/model")).hasMessageContaining("PUNA_REGISTRY_ALLOW");
        }
        assertThat(other.requests()).isEmpty();
    }
}
