// SPDX-License-Identifier: Apache-2.0
package dev.puna.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.puna.failure.InvalidRequest;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class EnvironmentProxiesTest {
    private static final Map<String, String> BOTH = Map.of(
            "https_proxy",
            "http://secure:3128",
            "HTTP_PROXY",
            "plain:8080",
            "NO_PROXY",
            "exact.example, .below.example, *.star.example, port.example:5000, 192.0.2.7");

    @Test
    void each_protocol_has_its_own() {
        assertThat(proxy("https://registry.example/v2")).isEqualTo("secure:3128");
        assertThat(proxy("http://registry.example/v2")).isEqualTo("plain:8080");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://exact.example",
                "https://EXACT.example",
                "https://sub.exact.example",
                "https://a.below.example",
                "https://a.star.example",
                "https://port.example:5000",
                "https://192.0.2.7",
                "https://localhost:5000",
                "http://127.0.0.1:5000",
                "http://[::1]:5000"
            })
    void these_need_none(String address) {
        assertThat(proxy(address)).isEqualTo("none");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://inexact.example",
                "https://below.example",
                "https://port.example",
                "https://port.example:5001",
                "https://192.0.2.70"
            })
    void these_need_one(String address) {
        assertThat(proxy(address)).isEqualTo("secure:3128");
    }

    @ParameterizedTest
    @ValueSource(strings = {"socks5://proxy:1080", "http://", "http://a b", "::"})
    void what_is_no_address_is_refused_without_being_shown(String address) {
        assertThatThrownBy(() -> new EnvironmentProxies(Map.of("HTTPS_PROXY", address)))
                .isInstanceOf(InvalidRequest.class)
                .hasMessageStartingWith("HTTPS_PROXY must be the address of an HTTP proxy");
    }

    private static String proxy(String address) {
        var proxy = new EnvironmentProxies(BOTH).select(URI.create(address)).getFirst();
        if (proxy.equals(Proxy.NO_PROXY)) {
            return "none";
        }
        var at = (InetSocketAddress) proxy.address();
        return at.getHostString() + ":" + at.getPort();
    }
}
