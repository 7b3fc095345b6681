// SPDX-License-Identifier: Apache-2.0
package dev.puna.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What was measured, a line a figure; nothing in it is written by hand. */
final class ResultTable {

    private final List<String> lines = new ArrayList<>();

    ResultTable() {
        lines.add("%-46s %12s %12s %-13s %8s %s"
                .formatted("what", "puna", "peer", "peer's name", "ratio", "its quarters"));
    }

    /** A figure of ours beside a peer's; between its quarters lies the middle half of the ratios of all rounds. */
    void row(String what, Samples ours, String peer, Samples theirs) {
        var ratios = ours.ratiosTo(theirs);
        add(
                "%-46s %12.2f %12.2f %-13s %8.3f %.3f-%.3f",
                what,
                ours.median(),
                theirs.median(),
                peer,
                ratios.median(),
                ratios.quantile(0.25),
                ratios.quantile(0.75));
    }

    /** A figure of ours alone. */
    void row(String what, double ours) {
        add("%-46s %12.2f", what, ours);
    }

    private void add(String format, Object... values) {
        var line = String.format(Locale.ROOT, format, values);
        lines.add(line);
        System.out.println(line);
    }

    @Override
    public String toString() {
        return String.join("\n", lines) + "\n";
    }
}
