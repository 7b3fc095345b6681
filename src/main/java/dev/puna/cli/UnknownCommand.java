// SPDX-License-Identifier: Apache-2.0
package dev.puna.cli;

import picocli.CommandLine;

/** What is said of a command that does not exist: the ones that look like it may be meant. */
final class UnknownCommand {
    private static final int NEAR = 2;

    private UnknownCommand() {}

    static String sentence(CommandLine tree, String word) {
        var near = tree.getSubcommands().keySet().stream()
                .filter(name -> name.startsWith(word) || distance(name, word) <= NEAR)
                .toList();
        var suggestion = near.isEmpty() ? "" : "\n\nDid you mean this?\n\t" + String.join("\n\t", near) + "\n";
        return "unknown command \"" + word + "\" for \"" + tree.getCommandName() + "\"" + suggestion;
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
}
