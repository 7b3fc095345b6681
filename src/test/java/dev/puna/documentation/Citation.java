// SPDX-License-Identifier: Apache-2.0
package dev.puna.documentation;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * One section of {@code src/docs/contract} that a text cites, as {@code contract 1.7}, {@code addendum 3.1, 3.5 and 3.8} or
 * {@code departure 5}; a step of a list follows its section: {@code contract 3.2, step 5}. A citation may go on in the next line of a
 * comment.
 *
 * @param line where the citation begins, counted from 1
 * @param kind {@code contract}, {@code addendum} or {@code departure}
 * @param section the number, such as {@code 1.7}
 * @param step the step of the section's list, if one is cited
 */
record Citation(int line, String kind, String section, Optional<String> step) {
    private static final String GAP = "\\s+(?:(?:\\*|//|#)\\s+)?";
    private static final String NUMBER = "\\d+(?:\\.\\d+)?";

    private static final Pattern CITED = Pattern.compile(
            "\\b(contract|addendum|departure)s?" + GAP + "(" + NUMBER + ")"
                    + "((?:(?:," + GAP + "(?:and" + GAP + ")?|" + GAP + "(?:and|to)" + GAP + ")" + NUMBER + "\\b)*)"
                    + "(?:," + GAP + "step" + GAP + "(\\d+))?",
            Pattern.CASE_INSENSITIVE);

    private static final Pattern FURTHER = Pattern.compile("(to" + GAP + ")?(" + NUMBER + ")\\b");

    /** Ways in which the contract was cited before it had numbers of its own here. */
    private static final Pattern IRREGULAR = Pattern.compile(
            "\\b(?:contract|addendum)\\b[^.;\\n]{0,20}\\b(?:section|rule)s?" + GAP + NUMBER
                    + "|\\bcontract[ -](?:of )?0\\.40"
                    + "|\\bdecisions\\.md\\b",
            Pattern.CASE_INSENSITIVE);

    /** Everything that a text cites, in its order; a range is each of its sections. */
    static List<Citation> in(String text) {
        var found = new ArrayList<Citation>();
        var cited = CITED.matcher(text);
        while (cited.find()) {
            var line = line(text, cited.start());
            var kind = cited.group(1).toLowerCase(Locale.ROOT);
            var sections = new ArrayList<>(List.of(cited.group(2)));
            var further = FURTHER.matcher(cited.group(3));
            while (further.find()) {
                if (further.group(1) != null) {
                    sections.addAll(between(sections.getLast(), further.group(2)));
                }
                sections.add(further.group(2));
            }
            for (var section : sections.subList(0, sections.size() - 1)) {
                found.add(new Citation(line, kind, section, Optional.empty()));
            }
            found.add(new Citation(line, kind, sections.getLast(), Optional.ofNullable(cited.group(4))));
        }
        return found;
    }

    /** Citations in another form than this one, each with its line. */
    static List<String> irregular(String text) {
        var found = new ArrayList<String>();
        var other = IRREGULAR.matcher(text);
        while (other.find()) {
            found.add(line(text, other.start()) + ": " + other.group().replaceAll("\\s+", " "));
        }
        return found;
    }

    private static List<String> between(String first, String last) {
        var chapter = first.substring(0, first.lastIndexOf('.') + 1);
        if (!last.startsWith(chapter)) {
            return List.of();
        }
        var sections = new ArrayList<String>();
        var end = Integer.parseInt(last.substring(last.lastIndexOf('.') + 1));
        for (var number = Integer.parseInt(first.substring(chapter.length())) + 1; number < end; number++) {
            sections.add(chapter + number);
        }
        return sections;
    }

    private static int line(String text, int position) {
        return 1
                + (int) text.substring(0, position)
                        .chars()
                        .filter(c -> c == '\n')
                        .count();
    }

    @Override
    public String toString() {
        return kind + " " + section + step.map(number -> ", step " + number).orElse("");
    }
}
