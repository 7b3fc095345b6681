// SPDX-License-Identifier: Apache-2.0
package dev.puna.cli;

import static java.util.Comparator.comparing;

import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The help text of a command, laid out as the recorded ones are. */
final class HelpPage {
    /** Label of an option whose value the page does not speak of. */
    static final String NO_VALUE = "-";

    private static final String SECTION = "page";
    private static final int COMMAND_WIDTH = 12;
    private static final int VARIABLE_WIDTH = 27;

    private HelpPage() {}

    /** Makes these pages the help of a command and of all below it. */
    static void describe(CommandLine tree) {
        tree.setHelpSectionKeys(List.of(SECTION));
        tree.setHelpSectionMap(Map.of(SECTION, help -> of(help.commandSpec())));
    }

    static String of(CommandSpec command) {
        var text = new StringBuilder();
        text.append(String.join("\n", command.usageMessage().description())).append("\n\nUsage:\n");
        text.append("  ")
                .append(String.join(" ", command.usageMessage().customSynopsis()))
                .append(" [flags]\n");
        if (!command.subcommands().isEmpty()) {
            text.append("  ").append(command.qualifiedName()).append(" [command]\n");
        }
        appendAliases(text, command);
        appendCommands(text, command);
        appendFlags(text, command);
        appendVariables(text, command);
        if (!command.subcommands().isEmpty()) {
            text.append("\nUse \"puna [command] --help\" for more information about a command.\n");
        }
        return text.toString();
    }

    private static void appendAliases(StringBuilder text, CommandSpec command) {
        if (command.aliases().length > 0) {
            text.append("\nAliases:\n  ").append(command.name());
            for (var alias : command.aliases()) {
                text.append(", ").append(alias);
            }
            text.append('\n');
        }
    }

    private static void appendCommands(StringBuilder text, CommandSpec command) {
        if (command.subcommands().isEmpty()) {
            return;
        }
        text.append("\nAvailable Commands:\n");
        command.subcommands().values().stream()
                .distinct()
                .map(CommandLine::getCommandSpec)
                .forEach(below -> {
                    var description = String.join(" ", below.usageMessage().description());
                    text.append("  ")
                            .append(padded(below.name(), COMMAND_WIDTH))
                            .append(' ')
                            .append(description)
                            .append('\n');
                });
    }

    private static void appendFlags(StringBuilder text, CommandSpec command) {
        text.append("\nFlags:\n");
        var options = command.options().stream()
                .filter(option -> !option.hidden())
                .sorted(comparing(OptionSpec::longestName))
                .toList();
        var width =
                options.stream().mapToInt(option -> flag(option).length()).max().orElse(0);
        for (var option : options) {
            var description = String.join(" ", option.description());
            text.append(padded(flag(option), width))
                    .append("   ")
                    .append(description)
                    .append('\n');
        }
    }

    private static String flag(OptionSpec option) {
        var shortName = option.shortestName();
        var names = shortName.startsWith("--") ? "      " + shortName : "  " + shortName + ", " + option.longestName();
        var shown = option.arity().max() > 0 && !option.paramLabel().equals(NO_VALUE);
        return shown ? names + " " + option.paramLabel() : names;
    }

    private static void appendVariables(StringBuilder text, CommandSpec command) {
        var variables = command.usageMessage().footer();
        if (variables.length == 0) {
            return;
        }
        text.append("\nEnvironment Variables:\n");
        for (var variable : variables) {
            var equals = variable.indexOf('=');
            text.append("      ")
                    .append(padded(variable.substring(0, equals), VARIABLE_WIDTH))
                    .append("   ");
            text.append(variable, equals + 1, variable.length()).append('\n');
        }
    }

    private static String padded(String text, int width) {
        return text + " ".repeat(Math.max(0, width - text.length()));
    }
}
