// SPDX-License-Identifier: Apache-2.0
package dev.puna.modelfile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import dev.puna.failure.InvalidRequest;
import dev.puna.modelfile.Instruction.From;
import dev.puna.modelfile.Instruction.License;
import dev.puna.modelfile.Instruction.Message;
import dev.puna.modelfile.Instruction.Parameter;
import dev.puna.modelfile.Instruction.SystemPrompt;
import dev.puna.modelfile.Instruction.Template;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(30)
class ModelfileTest {
    private static final String COMMANDS =
            "command must be one of \"from\", \"license\", \"template\", \"system\", \"adapter\", \"draft\", "
                    + "\"renderer\", \"parser\", \"parameter\", \"message\", or \"requires\"";

    @Test
    void every_command_is_read_in_its_order_whatever_its_case() {
        var text = """
                # made by hand
                from gemma3:270m

                Parameter temperature 0.5
                PARAMETER stop "<end>"
                \tTEMPLATE \"""{{ .System }}
                {{ .Prompt }}\"""
                system You are terse. # not a comment
                ADAPTER ./lora.gguf
                LICENSE MIT
                LICENSE "Apache
                2.0"
                MESSAGE user Hi: there
                MESSAGE assistant "Hello."
                RENDERER plain
                PARSER plain
                REQUIRES 0.14.0
                DRAFT ./draft.gguf
                CAPABILITY tools""";

        assertThat(Modelfile.parse(text).instructions())
                .containsExactly(
                        new From("gemma3:270m"),
                        new Parameter("temperature", "0.5"),
                        new Parameter("stop", "<end>"),
                        new Template("{{ .System }}\n{{ .Prompt }}"),
                        new SystemPrompt("You are terse. # not a comment"),
                        new Instruction.Adapter("./lora.gguf"),
                        new License("MIT"),
                        new License("Apache\n2.0"),
                        new Message("user", "Hi: there"),
                        new Message("assistant", "Hello."),
                        new Instruction.Renderer("plain"),
                        new Instruction.Parser("plain"),
                        new Instruction.Requires("0.14.0"),
                        new Instruction.Draft("./draft.gguf"),
                        new Instruction.Capability("tools"));
    }

    @Test
    void a_value_in_quotes_runs_until_a_line_ends_with_the_same_quotes() {
        var text =
                "FROM x\nSYSTEM \"\"\"\nsay \"\"\" twice\n\"quoted\"\n\"\"\"  \nSYSTEM \" spaced \"\nSYSTEM a \"b\" c";

        assertThat(Modelfile.parse(text).instructions())
                .containsExactly(
                        new From("x"),
                        new SystemPrompt("\nsay \"\"\" twice\n\"quoted\"\n"),
                        new SystemPrompt(" spaced "),
                        new SystemPrompt("a \"b\" c"));
    }

    @Test
    void what_cannot_be_seen_before_a_command_counts_for_nothing_and_anything_in_it_is_an_error() {
        assertThat(Modelfile.parse("\uFEFFFROM x\n\u0007PARAMETER top_k 1").instructions())
                .containsExactly(new From("x"), new Parameter("top_k", "1"));
        refused("FR\u0000OM x", "(line 1): " + COMMANDS);
        refused("FROM x\nPARAMETER top\u200b_k 1", "unexpected EOF: top");
    }

    @Test
    void what_cannot_be_seen_at_the_ends_of_a_value_is_no_part_of_it_unless_it_is_quoted() {
        var text = "FROM x\u00a0\u200b\nPARAMETER num_ctx \ufeff4096\u00a0\nADAPTER ./a\u2009\u2028\n"
                + "SYSTEM \u3000hi\u0085\nPARAMETER stop \"\u200b\"\u200b\nTEMPLATE a\u200bb\u0000c\u00a0d";

        assertThat(Modelfile.parse(text).instructions())
                .containsExactly(
                        new From("x"),
                        new Parameter("num_ctx", "4096"),
                        new Instruction.Adapter("./a"),
                        new SystemPrompt("hi"),
                        new Parameter("stop", "\u200b"),
                        new Template("a\u200bb\u0000c\u00a0d"));
        assertThat(new Modelfile(List.of(new From("x"), new SystemPrompt("hi\u200b"))).text())
                .isEqualTo("FROM x\nSYSTEM \"hi\u200b\"\n");
    }

    @Test
    void the_mark_that_ends_files_of_old_systems_is_an_error_on_a_line_of_its_own() {
        refused("FROM x\r\n\u001a", "unexpected EOF");
        assertThat(Modelfile.parse("FROM x\u001a").instructions()).containsExactly(new From("x"));
    }

    @Test
    void empty_values_are_values() {
        assertThat(Modelfile.parse("FROM x\nSYSTEM \nTEMPLATE \"\"\nLICENSE \"\"\"\"\"\"")
                        .instructions())
                .containsExactly(new From("x"), new SystemPrompt(""), new Template(""), new License(""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r\n", "\r"})
    void lines_end_in_any_of_the_three_ways(String newline) {
        var text = String.join(newline, "# comment", "FROM x", "", "SYSTEM y", "");

        assertThat(Modelfile.parse(text).instructions()).containsExactly(new From("x"), new SystemPrompt("y"));
    }

    @Test
    void byte_order_marks_tell_the_encoding() {
        var text = "FROM x\nSYSTEM grüß 👩‍🚀";
        var expected = List.of(new From("x"), new SystemPrompt("grüß 👩‍🚀"));

        assertThat(Modelfile.parse(text.getBytes(StandardCharsets.UTF_8)).instructions())
                .isEqualTo(expected);
        assertThat(Modelfile.parse(("\uFEFF" + text).getBytes(StandardCharsets.UTF_8))
                        .instructions())
                .isEqualTo(expected);
        assertThat(Modelfile.parse(("\uFEFF" + text).getBytes(StandardCharsets.UTF_16LE))
                        .instructions())
                .isEqualTo(expected);
        assertThat(Modelfile.parse(("\uFEFF" + text).getBytes(StandardCharsets.UTF_16BE))
                        .instructions())
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'FROM x|FROBNICATE y'|(line 2): COMMANDS",
                "'FROM x|||FROM1 y'|(line 4): COMMANDS",
                "'FROM|x'|(line 2): COMMANDS",
                "'FROM x|FOO|SYSTEM y'|(line 3): COMMANDS",
                "'FROM x\r|\r|FOO y'|(line 5): COMMANDS",
                "'1FROM x'|(line 1): COMMANDS",
                "'[|x'|(line 2): COMMANDS",
                "'FROM x|['|unexpected EOF",
                "'FROM x|\u200b|SYSTEM y'|(line 3): COMMANDS",
                "'FROM x|MESSAGE user|hi'|unexpected EOF: user",
                "'FROM x|MESSAGE robot hi'|(line 2): message role must be one of \"system\", \"user\", or \"assistant\"",
                "'FROM x|PARAMETER temperature'|unexpected EOF",
                "'FROM x|PARAMETER temperature|SYSTEM y'|unexpected EOF: temperature",
                "'FROM x|SYSTEM'|unexpected EOF",
                "'FROM x|SYSTEM \"\"\"open|never closed\"\"'|unexpected EOF",
                "'FROM x|SYSTEM \"open'|unexpected EOF",
                "'SYSTEM y'|no FROM line",
                "''|no FROM line",
            },
            ignoreLeadingAndTrailingWhitespace = true,
            quoteCharacter = '\'')
    void what_is_wrong_is_said_with_its_line(String text, String message) {
        assertThatThrownBy(() -> Modelfile.parse(text.replace('|', '\n')))
                .isInstanceOf(InvalidRequest.class)
                .hasMessage(message.replace("COMMANDS", COMMANDS));
    }

    @Test
    void a_printed_Modelfile_reads_as_the_recordings_do() {
        var modelfile = new Modelfile(List.of(
                new From("/store/blobs/sha256-a5fd"),
                new Template("{{ if $last }}\n{{ \"x\" }}"),
                new SystemPrompt("You are a terse assistant."),
                new SystemPrompt("two\nlines"),
                new Parameter("stop", " "),
                new Message("user", "Hi")));

        assertThat(modelfile.text()).isEqualTo("""
                FROM /store/blobs/sha256-a5fd
                TEMPLATE \"""{{ if $last }}
                {{ "x" }}\"""
                SYSTEM You are a terse assistant.
                SYSTEM "two
                lines"
                PARAMETER stop " "
                MESSAGE user Hi
                """);
    }

    @Test
    void whatever_is_read_comes_back_the_same_after_printing() {
        var random = new Random(42);
        var read = 0;
        for (var round = 0; round < 20_000; round++) {
            var text = randomText(random);
            Modelfile modelfile;
            try {
                modelfile = Modelfile.parse(text);
            } catch (InvalidRequest _) {
                continue;
            }
            read++;
            assertThat(Modelfile.parse(modelfile.text())).as(text).isEqualTo(modelfile);
        }
        assertThat(read).isGreaterThan(2_000);
    }

    @Test
    void a_long_value_that_is_never_closed_is_refused_at_once() {
        var text = "FROM x\nSYSTEM \"\"\"" + "line with \" in it\n".repeat(200_000);

        assertTimeout(Duration.ofSeconds(5), () -> assertThatThrownBy(() -> Modelfile.parse(text))
                .hasMessage("unexpected EOF"));
    }

    private static void refused(String text, String message) {
        assertThatThrownBy(() -> Modelfile.parse(text))
                .isInstanceOf(InvalidRequest.class)
                .hasMessage(message);
    }

    private static String randomText(Random random) {
        var pieces = List.of(
                "SYSTEM ",
                "TEMPLATE ",
                "MESSAGE user ",
                "PARAMETER stop ",
                "\"",
                "\"\"\"",
                "\n",
                "\r\n",
                " ",
                "\t",
                "a",
                "#",
                "word",
                "ü");
        var lines = new ArrayList<String>(List.of("FROM x\n"));
        for (var piece = random.nextInt(12); piece >= 0; piece--) {
            lines.add(pieces.get(random.nextInt(pieces.size())));
        }
        return String.join("", lines);
    }
}
