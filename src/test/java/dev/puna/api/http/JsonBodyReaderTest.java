// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class JsonBodyReaderTest {
    /** What a client has sent, and whether its end was seen. */
    private static final class Body extends ByteArrayInputStream {
        private boolean ended;

        private Body(String text) {
            super(text.getBytes(UTF_8));
        }

        @Override
        public synchronized int read() {
            int next = super.read();
            ended |= next < 0;
            return next;
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2, 70_000})
    void a_body_is_read_to_its_end(int length) throws IOException {
        var body = new Body("x".repeat(length));

        assertThat(JsonBodyReader.whole(body, length)).hasSize(length);

        assertThat(body.ended)
                .as("the connection is ready for the next request")
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 1 << 20})
    void a_body_that_ends_early_is_what_there_is(int announced) throws IOException {
        assertThat(JsonBodyReader.whole(new Body("{}"), announced)).hasSize(2);
    }
}
