// SPDX-License-Identifier: Apache-2.0
package dev.puna.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.puna.settings.Settings;
import java.util.HashMap;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(30)
class HelpTest {
    private final Cli cli = new Cli(1);

    @ParameterizedTest
    @CsvSource({
        "07-help-create, create",
        "09-help-run, run",
        "10-help-stop, stop",
        "11-help-pull, pull",
        "15-help-list, list",
        "16-help-ps, ps",
        "17-help-cp, cp",
    })
    void help_of_a_command_is_the_recorded_one(String recording, String command) {
        assertThat(cli.run(command, "--help").asRecording()).isEqualTo(Recording.of(recording));
        assertThat(cli.run("help", command).output())
                .isEqualTo(Recording.of(recording).output());
    }

    @Test
    void help_of_the_program_is_the_recorded_one_without_what_belongs_to_the_cloud() {
        var expected = Recording.of("02-help").output().replaceAll("(?m)^  (signin|signout|launch) .*\n", "");

        assertThat(withoutOurs(cli.run("--help"))).isEqualTo(expected);
        assertThat(withoutOurs(cli.run("help"))).isEqualTo(expected);
        assertThat(withoutOurs(cli.run())).isEqualTo(expected);
    }

    /** Without the commands that Ollama does not have. */
    private static String withoutOurs(Cli.Ended help) {
        assertThat(help.output())
                .contains("\n  devices      List devices that models can run on\n")
                .contains("\n  convert      Write a model in safetensors as a GGUF file\n")
                .contains("\n  export       Write models into one archive\n");
        return help.output().replaceAll("(?m)^  (convert|devices|export|import|verify|gc|prune) .*\n", "");
    }

    @Test
    void help_of_serve_names_the_variables() {
        assertThat(cli.run("serve", "--help").output())
                .startsWith("Start Puna\n\nUsage:\n  puna serve [flags]\n\nAliases:\n  serve, start\n")
                .contains("\n      PUNA_HOST                     IP Address for the puna server")
                .contains("\n      PUNA_THREADS ");
    }

    @Test
    void help_of_serve_names_every_setting_of_a_server() {
        var help = cli.run("serve", "--help").output();
        var asked = new TreeSet<String>();
        Settings.from(new HashMap<>() {
            @Override
            public String getOrDefault(Object key, String otherwise) {
                asked.add(key.toString());
                return otherwise;
            }
        });
        asked.removeIf(name -> !name.startsWith("PUNA_"));
        asked.removeAll(Set.of("PUNA_EDITOR", "PUNA_NOHISTORY"));

        assertThat(asked).hasSizeGreaterThan(15).allSatisfy(name -> assertThat(help)
                .contains("\n      " + name + " "));
    }

    @ParameterizedTest
    @CsvSource({
        "20-help-unknown, frobnicate",
        "21-unknown-flag, list --nosuch",
        "37-show-noarg, show",
        "50-run-noarg, run",
        "58-cp-noarg, cp a",
        "62-rm-noarg, rm",
        "46-run-keepalive-bad, run --keepalive soon gemma3-chat x",
    })
    void wrong_words_are_refused_as_recorded(String recording, String words) {
        assertThat(cli.run(words.split(" ")).asRecording()).isEqualTo(Recording.of(recording));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "frobnicate --flag | unknown command \"frobnicate\" for \"puna\"",
                "list -x | unknown shorthand flag: 'x' in -x",
                "run m --format | flag needs an argument: --format",
                "run m x --think=perhaps | invalid value for --think: \"perhaps\" (must be true, false, high, medium, low, or max)",
                "show m --license --system | only one of '--license', '--modelfile', '--parameters', '--system', or '--template' can be specified",
                "serve --port 1 | unknown flag: --port",
                "serve now | accepts 0 arg(s), received 1",
                "help frobnicate | unknown help topic \"frobnicate\"; 'puna help' lists the commands",
            })
    void wrong_words_are_refused_in_one_line(String words, String sentence) {
        var ended = cli.run(words.split(" "));

        assertThat(ended).isEqualTo(new Cli.Ended(1, "", "Error: " + sentence + "\n"));
    }

    @Test
    void a_command_that_looks_like_another_is_answered_with_it() {
        assertThat(cli.run("lisst").errors()).contains("Did you mean this?\n\tlist\n");
    }

    @Test
    void words_that_begin_with_an_at_sign_are_no_files() {
        assertThat(cli.run("cp", "@/etc/passwd").errors()).isEqualTo("Error: accepts 2 arg(s), received 1\n");
    }
}
