// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class JsonBodyReaderTest {
    @ParameterizedTest
    @ValueSource(ints = {0, 2, 70_000})
    void a_body_is_read_to_its_end(int length) throws IOException {
        var seen = new AtomicBoolean();
        var end = new InputStream() {
            @Override
            public int read() {
                seen.set(true);
                return -1;
            }

            @Override
            public int read(byte[] target, int offset, int length) {
                return read();
            }
        };
        var body = new SequenceInputStream(sent("x".repeat(length)), end);

        assertThat(JsonBodyReader.whole(body, length)).hasSize(length);

        assertThat(seen).as("the connection is ready for the next request").isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 1 << 20})
    void a_body_that_ends_early_is_what_there_is(int announced) throws IOException {
        assertThat(JsonBodyReader.whole(sent("{}"), announced)).hasSize(2);
    }

    private static InputStream sent(String text) {
        return new ByteArrayInputStream(text.getBytes(UTF_8));
    }
}
