// SPDX-License-Identifier: Apache-2.0
package dev.puna.process;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ChildOutputTest {
    private final List<String> lines = new ArrayList<>();
    private final ChildOutput output = new ChildOutput(lines::add);

    @Test
    void lines_are_put_together_of_pieces() {
        write("on");
        write("e\ntwo\r\n\nth");
        write("ree");
        assertThat(lines).containsExactly("one", "two", "");

        output.end();
        output.end();
        assertThat(lines).containsExactly("one", "two", "", "three");
        assertThat(output.isOpen()).isFalse();
    }

    @Test
    void a_letter_may_come_in_two_pieces() {
        var bytes = "ä\n".getBytes(UTF_8);
        output.write(bytes, 1);
        output.write(new byte[] {bytes[1], bytes[2]}, 2);
        assertThat(lines).containsExactly("ä");
    }

    @Test
    void what_is_no_text_becomes_replacement_characters() {
        var bytes = "a\u00ff\u001b[31m\tb\u0000\n".getBytes(ISO_8859_1);
        output.write(bytes, bytes.length);
        assertThat(lines).containsExactly("a\uFFFD\uFFFD[31m\tb\uFFFD");
    }

    @Test
    void long_lines_are_cut() {
        write("x".repeat(3000));
        write("y".repeat(3000));
        write("z\nnext\n" + "w".repeat(4096) + "\n");
        assertThat(lines).containsExactly("x".repeat(3000) + "y".repeat(1096) + "…", "next", "w".repeat(4096));
    }

    @Test
    void the_last_twenty_lines_are_kept() {
        IntStream.range(0, 50).forEach(i -> write(i + "\n"));
        assertThat(output.lastLines())
                .isEqualTo(IntStream.range(30, 50).mapToObj(Integer::toString).toList());
    }

    @Test
    void a_line_that_nobody_could_take_does_not_stop_the_next() {
        var taken = new ArrayList<String>();
        var failing = new ChildOutput(line -> {
            if (line.isEmpty()) {
                throw new IllegalStateException("on purpose");
            }
            taken.add(line);
        });

        failing.write("\nx\n".getBytes(UTF_8), 3);
        assertThat(taken).containsExactly("x");
        assertThat(failing.lastLines()).containsExactly("", "x");
    }

    private void write(String text) {
        var bytes = text.getBytes(UTF_8);
        output.write(bytes, bytes.length);
    }
}
