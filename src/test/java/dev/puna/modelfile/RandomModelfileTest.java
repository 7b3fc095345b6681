// SPDX-License-Identifier: Apache-2.0
package dev.puna.modelfile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.puna.failure.InvalidRequest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Modelfiles that nobody would write. Every seed is fixed. */
@Timeout(60)
@DisplayNameGeneration(ReplaceUnderscores.class)
class RandomModelfileTest {
    private static final List<String> PIECES = List.of(
            "a",
            "b c",
            "\n",
            "\r\n",
            "\t",
            " ",
            "\"",
            "\"\"",
            "#",
            "FROM x",
            "{{ .Prompt }}",
            "é",
            "🙂",
            "\\",
            "'",
            "0.5");
    private static final List<String> ROLES = List.of("system", "user", "assistant");
    private static final List<String> NOISE = List.of(
            "FROM",
            "from ",
            "PARAMETER ",
            "MESSAGE ",
            "user ",
            "\"",
            "\"\"\"",
            "\n",
            "\r",
            " ",
            "\t",
            "#",
            "x",
            "é",
            "\u0000",
            "\uFEFF",
            "TEMPLATE ",
            "LICENSE\t");

    @Test
    void whatever_can_be_printed_parses_back_to_the_same() {
        var random = new Random(1);
        for (int i = 0; i < 5_000; i++) {
            var modelfile = new Modelfile(instructions(random));

            assertThat(Modelfile.parse(modelfile.text())).as("case %d", i).isEqualTo(modelfile);
        }
    }

    @Test
    void whatever_parses_prints_to_what_parses_to_the_same() {
        var random = new Random(2);
        var parsed = 0;
        for (int i = 0; i < 20_000; i++) {
            var modelfile = parse("FROM x\n" + noise(random));
            if (modelfile != null) {
                parsed++;
                assertThat(Modelfile.parse(modelfile.text())).as("case %d", i).isEqualTo(modelfile);
            }
        }
        assertThat(parsed).isGreaterThan(1_000);
    }

    @Test
    void every_cut_of_a_Modelfile_gives_a_value_or_an_error_that_says_something() {
        var random = new Random(3);
        for (int i = 0; i < 30; i++) {
            var text = new Modelfile(instructions(random)).text();
            for (int end = 0; end <= text.length(); end++) {
                var _ = parse(text.substring(0, end));
                var _ = parse(text.substring(end));
            }
        }
    }

    @Test
    void every_cut_of_the_bytes_in_any_encoding_gives_a_value_or_an_error() {
        var text = "\uFEFFFROM x\nSYSTEM \"\"\"é🙂\n\"\"\"\nMESSAGE user hi\n";
        for (var encoding : List.of(StandardCharsets.UTF_8, StandardCharsets.UTF_16LE, StandardCharsets.UTF_16BE)) {
            var bytes = text.getBytes(encoding);
            for (int end = 0; end <= bytes.length; end++) {
                try {
                    var _ = Modelfile.parse(Arrays.copyOf(bytes, end));
                } catch (InvalidRequest refused) {
                    assertThat(refused.text()).isNotBlank();
                }
            }
        }
    }

    private static @Nullable Modelfile parse(String text) {
        try {
            return Modelfile.parse(text);
        } catch (InvalidRequest refused) {
            assertThat(refused.text()).isNotBlank();
            return null;
        }
    }

    private static List<Instruction> instructions(Random random) {
        var instructions = new ArrayList<Instruction>();
        instructions.add(new Instruction.From(value(random)));
        for (int i = random.nextInt(6); i > 0; i--) {
            instructions.add(instruction(random));
        }
        return instructions;
    }

    private static Instruction instruction(Random random) {
        var value = value(random);
        return switch (random.nextInt(11)) {
            case 0 -> new Instruction.From(value);
            case 1 -> new Instruction.Parameter("stop_" + random.nextInt(9), value);
            case 2 -> new Instruction.Template(value);
            case 3 -> new Instruction.SystemPrompt(value);
            case 4 -> new Instruction.Adapter(value);
            case 5 -> new Instruction.License(value);
            case 6 -> new Instruction.Message(ROLES.get(random.nextInt(ROLES.size())), value);
            case 7 -> new Instruction.Renderer(value);
            case 8 -> new Instruction.Parser(value);
            case 9 -> new Instruction.Requires(value);
            default -> new Instruction.Draft(value);
        };
    }

    private static String value(Random random) {
        var value = new StringBuilder();
        for (int i = random.nextInt(7); i > 0; i--) {
            value.append(PIECES.get(random.nextInt(PIECES.size())));
        }
        // Modelfiles know no escapes: nothing can hold a line that ends as the value itself would.
        return value.toString().replaceAll("\"{3,}(?=[ \t]*[\r\n])", "\"");
    }

    private static String noise(Random random) {
        var text = new StringBuilder();
        for (int i = random.nextInt(12); i > 0; i--) {
            text.append(NOISE.get(random.nextInt(NOISE.size())));
        }
        return text.toString();
    }
}
