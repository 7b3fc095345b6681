// SPDX-License-Identifier: Apache-2.0
package dev.puna.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.puna.failure.InvalidRequest;
import dev.puna.settings.HostAddress;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ListenCheckTest {
    @Test
    void a_free_port_is_fine_and_stays_free() {
        var any = HostAddress.parse("127.0.0.1:0");

        assertThatCode(() -> new ListenCheck(any).run()).doesNotThrowAnyException();
    }

    @Test
    void a_port_in_use_is_named_in_the_words_of_Go() throws IOException {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var address = HostAddress.parse("127.0.0.1:" + taken.getLocalPort());

            assertThatThrownBy(() -> new ListenCheck(address).run())
                    .isInstanceOf(InvalidRequest.class)
                    .hasMessage(
                            "listen tcp 127.0.0.1:%d: bind: address already in use".formatted(taken.getLocalPort()));
        }
    }

    @Test
    void an_address_of_another_machine_cannot_be_listened_on() {
        var address = HostAddress.parse("192.0.2.1:11434");

        assertThatThrownBy(() -> new ListenCheck(address).run())
                .hasMessage("listen tcp 192.0.2.1:11434: bind: cannot assign requested address");
    }

    @Test
    void a_name_that_does_not_exist_is_said_so() {
        var address = HostAddress.parse("no-such-host.invalid");

        assertThatThrownBy(() -> new ListenCheck(address).run())
                .hasMessage("listen tcp: lookup no-such-host.invalid: no such host");
    }

    @Test
    void what_Java_adds_to_a_reason_is_left_out() {
        var refused = new BindException("Permission denied (Bind failed)");

        assertThat(ListenCheck.sentence(HostAddress.parse("[::1]:80"), refused))
                .isEqualTo("listen tcp [::1]:80: bind: permission denied");
    }
}
