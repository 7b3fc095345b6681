// SPDX-License-Identifier: Apache-2.0
package dev.puna.registry.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.puna.failure.RegistryFailure;
import java.net.InetAddress;
import java.net.URI;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Addresses are numbers here, so that nothing is looked up. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class RedirectPolicyTest {

    @ParameterizedTest
    @CsvSource({
        "https://203.0.113.1/v2/a, https://203.0.113.1/v2/b, false",
        "https://203.0.113.1/v2/a, https://203.0.113.1:443/v2/b, false",
        "https://hf.co/v2/a, https://huggingface.co/v2/a, false",
        "https://registry.ollama.ai/v2/a, https://ollama.com/v2/a, false",
        "https://203.0.113.1/v2/a, https://198.51.100.7/blob, true",
        "https://127.0.0.1:5000/v2/a, https://127.0.0.1:9000/blob, true",
        "https://10.0.0.1/v2/a, https://10.0.0.2/blob, true",
    })
    void these_are_followed(String from, String to, boolean anyHost) {
        var policy = new RedirectPolicy(URI.create(from), false, false);

        assertThatCode(() -> policy.check(URI.create(from), URI.create(to), anyHost))
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource({
        "https://203.0.113.1/v2/a, https://198.51.100.7/v2/a, false, blocked redirect to a different host",
        "https://203.0.113.1/v2/a, https://203.0.113.1:8443/v2/a, false, blocked redirect to a different host",
        "https://ollama.com/v2/a, https://ollama.com.example/v2/a, false, blocked redirect to a different host",
        "https://203.0.113.1/v2/a, http://203.0.113.1/v2/a, true, blocked redirect from https to http",
        "https://203.0.113.1/v2/a, https://127.0.0.1/blob, true, private network",
        "https://203.0.113.1/v2/a, https://169.254.169.254/latest, true, private network",
        "https://203.0.113.1/v2/a, https://10.1.2.3/blob, true, private network",
        "https://203.0.113.1/v2/a, 'https://[::1]/blob', true, private network",
        "https://203.0.113.1/v2/a, 'https://[fd00::1]/blob', true, private network",
        "https://203.0.113.1/v2/a, 'https://[::ffff:127.0.0.1]/blob', true, private network",
        "https://203.0.113.1/v2/a, file:///etc/passwd, true, no address of a web server",
        "https://203.0.113.1/v2/a, ftp://198.51.100.7/blob, true, no address of a web server",
    })
    void these_are_refused(String from, String to, boolean anyHost, String words) {
        var policy = new RedirectPolicy(URI.create(from), false, false);

        assertThatThrownBy(() -> policy.check(URI.create(from), URI.create(to), anyHost))
                .isInstanceOf(RegistryFailure.class)
                .hasMessageContaining(words);
    }

    @Test
    void private_addresses_are_as_good_as_others_where_a_setting_says_so() {
        var from = URI.create("https://203.0.113.1/v2/a");
        var policy = new RedirectPolicy(from, false, true);

        assertThat(policy.check(from, URI.create("https://10.1.2.3/blob"), true))
                .extracting(InetAddress::getHostAddress)
                .containsExactly("10.1.2.3");
    }
}
