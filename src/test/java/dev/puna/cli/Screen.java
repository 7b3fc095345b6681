// SPDX-License-Identifier: Apache-2.0
package dev.puna.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** A terminal that knows as much as the commands use: moving, erasing, and text over text. */
public final class Screen {
    private static final Pattern CONTROL = Pattern.compile("\u001b\\[(\\??\\d*)([A-Za-z])");

    private final List<StringBuilder> lines = new ArrayList<>(List.of(new StringBuilder()));
    private int row;
    private int column;

    public Screen show(String output) {
        var matcher = CONTROL.matcher(output);
        var position = 0;
        while (position < output.length()) {
            if (matcher.find(position) && matcher.start() == position) {
                obey(matcher.group(1), matcher.group(2).charAt(0));
                position = matcher.end();
            } else {
                var character = output.codePointAt(position);
                put(character);
                position += Character.charCount(character);
            }
        }
        return this;
    }

    /** The lines that are not empty, without spaces at their ends. */
    public String text() {
        var text = new StringBuilder();
        lines.stream()
                .map(line -> line.toString().stripTrailing())
                .filter(line -> !line.isEmpty())
                .forEach(line -> text.append(line).append('\n'));
        return text.toString();
    }

    private void obey(String argument, char command) {
        var count = argument.isEmpty() || argument.startsWith("?") ? 1 : Integer.parseInt(argument);
        switch (command) {
            case 'A' -> row = Math.max(0, row - count);
            case 'D' -> column = Math.max(0, column - count);
            case 'G' -> column = count - 1;
            case 'J' -> {
                lines.get(row).setLength(Math.min(column, lines.get(row).length()));
                lines.subList(row + 1, lines.size()).clear();
            }
            case 'K' ->
                lines.get(row)
                        .setLength(
                                count == 2 ? 0 : Math.min(column, lines.get(row).length()));
            case 'h', 'l', 'm' -> {
                // The cursor's looks, whole frames, colours.
            }
            default -> throw new AssertionError("a terminal is asked for " + argument + command);
        }
    }

    private void put(int character) {
        switch (character) {
            case '\n' -> {
                row++;
                column = 0;
                if (row == lines.size()) {
                    lines.add(new StringBuilder());
                }
            }
            case '\r' -> column = 0;
            default -> {
                var line = lines.get(row);
                while (line.length() <= column) {
                    line.append(' ');
                }
                line.replace(column, column + 1, Character.toString(character));
                column++;
            }
        }
    }
}
