// SPDX-License-Identifier: Apache-2.0
package dev.puna.cli;

import picocli.CommandLine;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Says in one line what is wrong with the words of a command, as the recorded commands do. */
final class ParameterErrors implements IParameterExceptionHandler {
    @Override
    public int handleParseException(ParameterException e, String[] words) {
        var errors = e.getCommandLine().getErr();
        errors.println("Error: " + sentence(e));
        errors.flush();
        return 1;
    }

    private static String sentence(ParameterException e) {
        return switch (e) {
            case UnmatchedArgumentException unmatched -> unknown(unmatched);
            case MissingParameterException missing
            when !missing.getMissing().isEmpty() ->
                "flag needs an argument: " + nameOf(missing.getMissing().getFirst());
            default ->
                e.getArgSpec() instanceof OptionSpec option && e.getValue() != null
                        ? "invalid argument \"" + e.getValue() + "\" for \"" + nameOf(option) + "\" flag: "
                                + expected(option)
                        : String.valueOf(e.getMessage());
        };
    }

    private static String unknown(UnmatchedArgumentException e) {
        var word = e.getUnmatched().getFirst();
        if (word.startsWith("--")) {
            return "unknown flag: " + word.split("=", 2)[0];
        }
        if (word.startsWith("-") && word.length() > 1) {
            return "unknown shorthand flag: '" + word.charAt(1) + "' in " + word;
        }
        var tree = e.getCommandLine();
        return "unknown command \"" + word + "\" for \"" + tree.getCommandSpec().qualifiedName() + "\""
                + suggestion(tree, word);
    }

    private static String suggestion(CommandLine tree, String word) {
        var near = tree.getSubcommands().keySet().stream()
                .filter(name -> name.startsWith(word) || distance(name, word) <= 2)
                .toList();
        return near.isEmpty() ? "" : "\n\nDid you mean this?\n\t" + String.join("\n\t", near) + "\n";
    }

    /** Letters to insert, delete or change to make one word of the other. */
    private static int distance(String one, String other) {
        var row = new int[other.length() + 1];
        for (var column = 0; column <= other.length(); column++) {
            row[column] = column;
        }
        for (var line = 1; line <= one.length(); line++) {
            var diagonal = row[0];
            row[0] = line;
            for (var column = 1; column <= other.length(); column++) {
                var same = one.charAt(line - 1) == other.charAt(column - 1) ? 0 : 1;
                var change = diagonal + same;
                diagonal = row[column];
                row[column] = Math.min(change, 1 + Math.min(row[column], row[column - 1]));
            }
        }
        return row[other.length()];
    }

    private static String expected(OptionSpec option) {
        return option.type() == boolean.class ? "it must be true or false" : "it must be a whole number";
    }

    private static String nameOf(ArgSpec argument) {
        return argument instanceof OptionSpec option ? option.longestName() : argument.paramLabel();
    }
}
