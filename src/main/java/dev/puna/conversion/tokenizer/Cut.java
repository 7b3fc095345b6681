// SPDX-License-Identifier: Apache-2.0
package dev.puna.conversion.tokenizer;

import dev.puna.failure.Unsupported;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.regex.Pattern;

/** A text cut at what matches in it: all of it in runs, of which some are matches. */
final class Cut {
    private record Run(int start, int end, boolean match) {}

    private final String text;
    private final List<Run> runs = new ArrayList<>();

    private Cut(String text) {
        this.text = text;
    }

    /** Where a regular expression matches. */
    static Cut at(String text, Pattern pattern) {
        var cut = new Cut(text);
        var matcher = pattern.matcher(new BoundedText(text));
        var done = 0;
        while (matcher.find()) {
            cut.add(done, matcher.start(), false);
            cut.runs.add(new Run(matcher.start(), matcher.end(), true));
            done = matcher.end();
        }
        cut.add(done, text.length(), false);
        return cut;
    }

    /** Where a text occurs. */
    static Cut at(String text, String part) {
        var cut = new Cut(text);
        var done = 0;
        if (!part.isEmpty()) {
            for (var at = text.indexOf(part); at >= 0; at = text.indexOf(part, done)) {
                cut.add(done, at, false);
                done = at + part.length();
                cut.add(at, done, true);
            }
        }
        cut.add(done, text.length(), false);
        return cut;
    }

    /** At each character of a kind. */
    static Cut at(String text, IntPredicate kind) {
        var cut = new Cut(text);
        var done = 0;
        for (var at = 0; at < text.length(); ) {
            var point = text.codePointAt(at);
            var end = at + Character.charCount(point);
            if (kind.test(point)) {
                cut.add(done, at, false);
                cut.add(at, end, true);
                done = end;
            }
            at = end;
        }
        cut.add(done, text.length(), false);
        return cut;
    }

    /** With matches and what is between them exchanged. */
    Cut inverted(boolean really) {
        if (really) {
            runs.replaceAll(run -> new Run(run.start(), run.end(), !run.match()));
        }
        return this;
    }

    /**
     * The pieces, none of them empty.
     *
     * @param behavior what becomes of matches, in the words of {@code tokenizer.json}
     */
    List<String> pieces(String behavior) {
        var pieces = new ArrayList<Run>();
        switch (behavior) {
            case "Isolated" -> pieces.addAll(runs);
            case "Removed" -> runs.stream().filter(run -> !run.match()).forEach(pieces::add);
            case "Contiguous" -> {
                for (var run : runs) {
                    join(pieces, run, !pieces.isEmpty() && pieces.getLast().match() == run.match());
                }
            }
            case "MergedWithPrevious" -> {
                var before = false;
                for (var run : runs) {
                    join(pieces, run, run.match() && !before && !pieces.isEmpty());
                    before = run.match();
                }
            }
            case "MergedWithNext" -> {
                var next = false;
                for (var run : runs.reversed()) {
                    if (run.match() && !next && !pieces.isEmpty()) {
                        pieces.set(0, new Run(run.start(), pieces.getFirst().end(), true));
                    } else {
                        pieces.addFirst(run);
                    }
                    next = run.match();
                }
            }
            default -> throw new Unsupported("a tokenizer that splits as " + Quoted.of(behavior));
        }
        return pieces.stream()
                .filter(run -> run.end() > run.start())
                .map(run -> text.substring(run.start(), run.end()))
                .toList();
    }

    /** The text with each match replaced. */
    String replaced(String replacement) {
        var replaced = new StringBuilder();
        for (var run : runs) {
            if (run.match()) {
                replaced.append(replacement);
            } else {
                replaced.append(text, run.start(), run.end());
            }
        }
        return replaced.toString();
    }

    private static void join(List<Run> pieces, Run run, boolean joined) {
        if (joined) {
            var last = pieces.removeLast();
            pieces.add(new Run(last.start(), run.end(), last.match()));
        } else {
            pieces.add(run);
        }
    }

    private void add(int start, int end, boolean match) {
        if (end > start) {
            runs.add(new Run(start, end, match));
        }
    }
}
