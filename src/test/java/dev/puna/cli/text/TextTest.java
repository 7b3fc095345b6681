// SPDX-License-Identifier: Apache-2.0
package dev.puna.cli.text;

import static org.assertj.core.api.Assertions.assertThat;

import dev.puna.cli.Screen;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(30)
class TextTest {
    private static final Instant NOW = Instant.parse("2026-08-21T12:00:00Z");

    @ParameterizedTest
    @CsvSource({
        "0, 0 B",
        "999, 999 B",
        "1000, 1 KB",
        "1500, 1.5 KB",
        "46226644, 46 MB",
        "4700000000, 4.7 GB",
        "9999999999, 10.0 GB",
        "2000000000000, 2 TB",
        "5000000000000000, 5000 TB",
    })
    void sizes_are_decimal(long bytes, String text) {
        assertThat(Quantity.bytes(bytes)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({
        "0, Less than a second ago",
        "1, 1 second ago",
        "59, 59 seconds ago",
        "60, About a minute ago",
        "3599, 59 minutes ago",
        "3600, About an hour ago",
        "172800, 2 days ago",
        "1209600, 2 weeks ago",
        "5184000, 2 months ago",
        "63072000, 2 years ago",
        "-290, 4 minutes from now",
        "-59, 59 seconds from now",
        "-3153600000, Forever",
    })
    void moments_are_told_from_now(long secondsAgo, String text) {
        assertThat(Quantity.moment(NOW.minusSeconds(secondsAgo), NOW)).isEqualTo(text);
    }

    @Test
    void wide_characters_take_two_columns_of_a_table() {
        var table = new TextTable();
        table.add("日本", "x");
        table.add("abcde", "y");

        assertThat(table.under("A", "B")).isEqualTo("A        B \n日本     x    \nabcde    y    \n");
    }

    @Test
    void words_that_do_not_fit_move_to_the_next_line() {
        assertThat(wrapped(25, "The quick br", "own fox jumps ov", "er the lazy dog.\nEnd"))
                .isEqualTo("The quick brown fox\njumps over the lazy\ndog.\nEnd\n");
    }

    @Test
    void a_line_never_begins_with_the_space_that_broke_it() {
        assertThat(wrapped(15, "1234567890 next")).isEqualTo("1234567890\nnext\n");
    }

    @Test
    void a_word_longer_than_a_line_is_broken() {
        assertThat(wrapped(15, "x".repeat(25) + " y"))
                .isEqualTo("x".repeat(10) + "\n" + "x".repeat(10) + "\nxxxxx y\n");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 9})
    void without_a_terminal_of_some_width_nothing_is_changed(int columns) {
        var out = new StringWriter();

        new WordWrap(new PrintWriter(out), columns).print("a long line that stays as it is\n");

        assertThat(out.toString()).isEqualTo("a long line that stays as it is\n");
    }

    @Test
    void progress_on_a_terminal_leaves_the_finished_steps() {
        var err = new StringWriter();

        try (var progress = new Progress(new PrintWriter(err), 40)) {
            progress.step("gathering model components");
            progress.step("gathering model components");
            var bar = progress.bar("copying file sha256:" + "0".repeat(64), 1000);
            bar.set(500);
            progress.step("success");
        }

        assertThat(new Screen().show(err.toString()).text().lines().map(line -> line.replaceAll("\\s+", " ")))
                .containsExactly("gathering model components", "copying file sha256:0000000000000… 50%", "success");
        assertThat(err.toString()).startsWith("\u001b[?25l").endsWith("\u001b[?25h");
    }

    @Test
    void progress_shows_a_bar_where_there_is_room() {
        var err = new StringWriter();

        try (var progress = new Progress(new PrintWriter(err), 60)) {
            progress.bar("fetching", 2000).set(2000);
            progress.step("");
        }

        assertThat(new Screen().show(err.toString()).text())
                .contains("fetching 100% ▕█████")
                .contains("█▏ 2 KB");
    }

    @Test
    void progress_that_is_cleared_leaves_nothing() {
        var err = new StringWriter();

        var progress = new Progress(new PrintWriter(err), 40);
        progress.step("one");
        progress.step("two");
        progress.clear();
        progress.close();

        assertThat(new Screen().show(err.toString()).text()).isEmpty();
    }

    @Test
    void elsewhere_each_step_is_printed_once_when_it_is_over() {
        var err = new StringWriter();

        var progress = new Progress(new PrintWriter(err), 0);
        progress.step("one");
        progress.step("one");
        progress.step("");
        progress.bar("two", 10).set(10);
        assertThat(err.toString()).isEqualTo("one\n");
        progress.close();

        assertThat(err.toString()).isEqualTo("one\ntwo 100%\n");
    }

    private static String wrapped(int columns, String... pieces) {
        var out = new StringWriter();
        var words = new WordWrap(new PrintWriter(out), columns);
        Stream.of(pieces).forEach(words::print);
        return new Screen().show(out.toString()).text();
    }
}
