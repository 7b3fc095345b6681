// SPDX-License-Identifier: Apache-2.0
package dev.puna.cli.text;

import java.util.ArrayList;
import java.util.List;

/**
 * Columns kept apart by four spaces, without lines around them; cells wrap at a width.
 *
 * <p>Every cell, the last of a row too, is padded and followed by the four spaces, but a header's last one by a single space:
 * so the recordings have it.
 */
public final class TextTable {
    private static final String GAP = "    ";
    private static final int USUAL_WIDTH = 30;

    private final List<List<List<String>>> rows = new ArrayList<>();
    private final List<Integer> widths = new ArrayList<>();
    private final int wrapAt;

    public TextTable() {
        this(USUAL_WIDTH);
    }

    /** A table whose cells wrap between words beyond this many columns. */
    public TextTable(int wrapAt) {
        this.wrapAt = wrapAt;
    }

    public void add(String... cells) {
        var row = new ArrayList<List<String>>();
        for (var column = 0; column < cells.length; column++) {
            var lines = cells[column]
                    .lines()
                    .flatMap(line -> Paragraph.wrap(line, wrapAt).stream())
                    .toList();
            row.add(lines);
            widen(column, lines);
        }
        rows.add(row);
    }

    /** The rows under a header, which is never wrapped. */
    public String under(String... header) {
        for (var column = 0; column < header.length; column++) {
            widen(column, List.of(header[column]));
        }
        var text = new StringBuilder();
        for (var column = 0; column < header.length; column++) {
            pad(text, header[column], column);
            text.append(column == header.length - 1 ? " " : GAP);
        }
        return text.append('\n').append(text()).toString();
    }

    public String text() {
        var text = new StringBuilder();
        for (var row : rows) {
            var height = row.stream().mapToInt(List::size).max().orElse(0);
            for (var line = 0; line < Math.max(1, height); line++) {
                for (var column = 0; column < row.size(); column++) {
                    var cell = row.get(column);
                    pad(text, line < cell.size() ? cell.get(line) : "", column);
                    text.append(GAP);
                }
                text.append('\n');
            }
        }
        return text.toString();
    }

    private void widen(int column, List<String> lines) {
        var width = lines.stream().mapToInt(Width::of).max().orElse(0);
        if (column == widths.size()) {
            widths.add(width);
        } else {
            widths.set(column, Math.max(width, widths.get(column)));
        }
    }

    private void pad(StringBuilder text, String cell, int column) {
        text.append(cell).repeat(' ', widths.get(column) - Width.of(cell));
    }
}
