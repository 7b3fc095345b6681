// SPDX-License-Identifier: Apache-2.0
package dev.puna.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.puna.failure.InvalidRequest;
import java.net.URI;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class HostAddressTest {
    @ParameterizedTest
    @CsvSource({
        "'',                      127.0.0.1:11434",
        "1.2.3.4,                 1.2.3.4:11434",
        ":1234,                   :1234",
        "1.2.3.4:1234,            1.2.3.4:1234",
        "example.com,             example.com:11434",
        "example.com:0,           example.com:0",
        "http://1.2.3.4,          1.2.3.4:80",
        "https://1.2.3.4,         1.2.3.4:443",
        "http://1.2.3.4:4321/x,   1.2.3.4:4321",
        "::1,                     [::1]:11434",
        "[::1],                   [::1]:11434",
        "[::1]:1337,              [::1]:1337",
        "http://[::1],            [::1]:80",
        "::,                      [::]:11434",
        "fe80::1:2,               [fe80::1:2]:11434",
        "' 0.0.0.0 ',             0.0.0.0:11434",
        "127.0.0.1:,              127.0.0.1:11434",
        "[::1]:,                  [::1]:11434",
        "http://example.com:,     example.com:80",
        ":,                       127.0.0.1:11434",
    })
    void it_is_read_as_Ollama_reads_it(String text, String hostAndPort) {
        assertThat(HostAddress.parse(text)).hasToString(hostAndPort);
    }

    @ParameterizedTest
    @CsvSource({
        "0.0.0.0,                    http://127.0.0.1:11434",
        ":8080,                      http://127.0.0.1:8080",
        "::,                         http://[::1]:11434",
        "[0:0::0]:8080,              http://[::1]:8080",
        "example.com,                http://example.com:11434",
        "https://example.com/puna,   https://example.com:443/puna",
        "https://example.com/,       https://example.com:443",
    })
    void clients_connect_to_an_address_that_can_be_reached(String text, String uri) {
        assertThat(HostAddress.parse(text).connect()).isEqualTo(URI.create(uri));
    }

    @ParameterizedTest
    @CsvSource({"127.0.0.1,true", "0.0.0.0:80,true", ":80,true", "::1,false", "[::]:80,false", "localhost,false"})
    void addresses_of_IPv4_are_bound_as_such(String text, boolean ipv4) {
        assertThat(HostAddress.parse(text).isIpv4()).isEqualTo(ipv4);
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "localhost", "[::1]:80", "127.8.8.8:1"})
    void loopback_addresses_are_known(String text) {
        assertThat(HostAddress.parse(text).isLoopback()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "::", ":80", "127.example.com", "10.0.0.1", "fe80::1"})
    void other_addresses_are_not_loopback(String text) {
        assertThat(HostAddress.parse(text).isLoopback()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "::::",
                "[::1",
                "::1]",
                "[1.2.3.4]",
                "1.2.3.4:x",
                "1.2.3.4:-1",
                "1.2.3.4:65536",
                "ftp://h",
                "a b",
                "user@host",
                "http://http://x",
                "[::1]x",
                "1:2:3",
                "ho%20st"
            })
    void what_is_no_address_is_refused(String text) {
        assertThatThrownBy(() -> HostAddress.parse(text)).isInstanceOf(InvalidRequest.class);
    }

    @ParameterizedTest
    @CsvSource({"'',127.0.0.1", ":80,0.0.0.0", "[::]:80,::", "0.0.0.0,0.0.0.0"})
    void a_server_binds_every_address_when_none_is_named(String text, String bound) {
        assertThat(HostAddress.parse(text).bind()).isEqualTo(bound);
    }
}
