// SPDX-License-Identifier: Apache-2.0
package dev.puna.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** The man page and the completions of {@code deploy} are written by hand; they know every command, flag and variable. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class ShellFilesTest {
    private static final Path DEPLOY = Path.of("deploy");

    private final CommandLine tree = CommandTree.of(
            new Cli(1).context(new PrintWriter(new StringWriter()), new PrintWriter(new StringWriter())));

    @ParameterizedTest
    @ValueSource(strings = {"man/puna.1", "completions/puna.bash", "completions/puna.zsh", "completions/puna.fish"})
    void every_command_and_flag_is_there(String file) throws IOException {
        var text = Files.readString(DEPLOY.resolve(file)).replace("\\-", "-").replaceAll("\\\\f[BIR]", "");

        assertThat(words()).hasSizeGreaterThan(30).allSatisfy(word -> assertThat(text)
                .containsPattern("(?<![A-Za-z])" + (file.endsWith("fish") ? fish(word) : Pattern.quote(word)) + "\\b"));
    }

    @Test
    void every_variable_of_the_readme_is_in_the_man_page() throws IOException {
        var page = Files.readString(DEPLOY.resolve("man/puna.1"));
        var rows = Pattern.compile("(?m)^\\| `([A-Z_]+)` \\| (?:yes|no) \\|")
                .matcher(Files.readString(Path.of("README.md")))
                .results()
                .map(row -> row.group(1))
                // The launcher's, which belongs to the source tree.
                .filter(name -> !List.of("JAVA_HOME", "JAVA_OPTS", "BUILD").contains(name))
                .toList();

        assertThat(rows).hasSizeGreaterThan(20).allSatisfy(name -> assertThat(page)
                .contains("PUNA_" + name + "\n"));
    }

    private static String fish(String word) {
        return word.startsWith("--") ? "-l " + Pattern.quote(word.substring(2)) : Pattern.quote(word);
    }

    private List<String> words() {
        var words = new ArrayList<String>();
        tree.getSubcommands().forEach((name, command) -> {
            words.add(name);
            command.getCommandSpec().options().stream()
                    .filter(option -> !option.hidden())
                    .forEach(option -> words.add(option.longestName()));
        });
        return words;
    }
}
