// SPDX-License-Identifier: Apache-2.0
package dev.puna.cli;

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
        var tree = e.getCommandLine();
        var command = tree.getParent() == null ? words[0] : "";
        var unknown = !command.isEmpty() && !command.startsWith("-");
        errors.println("Error: " + (unknown ? UnknownCommand.sentence(tree, command) : sentence(e)));
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
        return UnknownCommand.sentence(e.getCommandLine(), word);
    }

    private static String expected(OptionSpec option) {
        return option.type() == boolean.class ? "it must be true or false" : "it must be a whole number";
    }

    private static String nameOf(ArgSpec argument) {
        return argument instanceof OptionSpec option ? option.longestName() : argument.paramLabel();
    }
}
