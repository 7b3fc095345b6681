// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.http.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.puna.api.http.access.HostRules.Verdict;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class AccessRulesTest {
    private final HostRules loopback = new HostRules(
            true, "Workstation", address -> address.getHostAddress().equals("203.0.113.7"));
    private final OriginRules origins = new OriginRules(List.of("https://*.puna.example", "chrome-extension://*"));

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1:11434, ADDRESS",
        "127.8.9.10, ADDRESS",
        "[::1]:11434, ADDRESS",
        "::1, ADDRESS",
        "0.0.0.0, ADDRESS",
        "192.168.1.9, ADDRESS",
        "10.0.0.1:80, ADDRESS",
        "172.16.5.4, ADDRESS",
        "[fd00::1]:80, ADDRESS",
        "203.0.113.7, ADDRESS",
        "localhost, NAME",
        "LocalHost:9, NAME",
        "workstation:11434, NAME",
        "printer.local, NAME",
        "app.localhost:3000, NAME",
        "api.internal, NAME",
        "'', NAME",
        "evil.example, REFUSED",
        "evil.example:11434, REFUSED",
        "203.0.113.8, REFUSED",
        "localhost.evil.example, REFUSED",
        "notlocal, REFUSED",
        "[::1, REFUSED",
        "[2001:db8::1]:80, REFUSED",
    })
    void on_loopback_only_near_hosts_are_taken(String header, Verdict verdict) {
        assertThat(loopback.judge(header)).isEqualTo(verdict);
    }

    @Test
    void a_server_on_other_addresses_takes_every_host() {
        assertThat(new HostRules(false, "x", _ -> false).judge("evil.example")).isEqualTo(Verdict.ADDRESS);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://localhost",
                "http://localhost:3000",
                "https://127.0.0.1:8443",
                "http://0.0.0.0:1",
                "app://x",
                "file://",
                "tauri://localhost",
                "vscode-webview://abc",
                "https://demo.puna.example",
                "chrome-extension://abcdef"
            })
    void pages_of_this_machine_and_those_of_the_settings_may_call(String origin) {
        assertThat(origins.allows(origin)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "http://evil.example",
                "http://localhost.evil.example",
                "https://puna.example",
                "http://demo.puna.example",
                "https://demo.puna.example.evil.example",
                "moz-extension://x",
                "HTTP://LOCALHOST"
            })
    void other_pages_may_not(String origin) {
        assertThat(origins.allows(origin)).isFalse();
    }

    @Test
    void a_star_lets_every_page_call() {
        var everyone = new OriginRules(List.of("*"));

        assertThat(everyone.everyone()).isTrue();
        assertThat(everyone.allows("http://evil.example")).isTrue();
    }
}
