// SPDX-License-Identifier: Apache-2.0
package dev.puna.documentation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What {@code src/docs/contract} has to cite: a heading that begins with a number is a section of the contract, one that begins with
 * {@code Addendum} and a number one of the addendum, and each row of the table in {@code departures.md} is a departure.
 *
 * @param byName each section's file and text, by the words that cite it: {@code contract 1.7}
 */
record ContractSections(Map<String, Section> byName) {
    static final Path FOLDER = Path.of("src/docs/contract");

    private static final Pattern HEADING = Pattern.compile("##+ (Addendum )?(\\d+(?:\\.\\d+)?) .*");
    private static final Pattern DEPARTURE = Pattern.compile("\\| (\\d+) \\| .*");

    /**
     * @param file its name in the folder
     * @param text what stands below its heading, with {@code \n} before each line
     */
    record Section(String file, String text) {
        boolean hasStep(String number) {
            return text.contains("\n" + number + ". ");
        }
    }

    static ContractSections read() throws IOException {
        var sections = new LinkedHashMap<String, Section>();
        try (Stream<Path> files = Files.list(FOLDER)) {
            for (var file : files.filter(path -> path.toString().endsWith(".md"))
                    .sorted()
                    .toList()) {
                read(file, sections);
            }
        }
        return new ContractSections(sections);
    }

    private static void read(Path file, Map<String, Section> sections) throws IOException {
        var name = file.getFileName().toString();
        Optional<String> current = Optional.empty();
        for (var line : Files.readAllLines(file)) {
            var heading = HEADING.matcher(line);
            var departure = DEPARTURE.matcher(line);
            if (heading.matches()) {
                current = Optional.of((heading.group(1) == null ? "contract " : "addendum ") + heading.group(2));
                add(sections, current.get(), new Section(name, ""));
            } else if (line.startsWith("#")) {
                current = Optional.empty();
            } else if (name.equals("departures.md") && departure.matches()) {
                add(sections, "departure " + departure.group(1), new Section(name, ""));
            } else {
                current.ifPresent(section -> sections.computeIfPresent(
                        section, (_, before) -> new Section(name, before.text() + "\n" + line)));
            }
        }
    }

    private static void add(Map<String, Section> sections, String name, Section section) {
        var before = sections.put(name, section);
        if (before != null) {
            throw new IllegalStateException(name + " is in " + before.file() + " and in " + section.file());
        }
    }

    boolean has(Citation citation) {
        var section = byName.get(citation.kind() + " " + citation.section());
        return section != null && citation.step().map(section::hasStep).orElse(true);
    }
}
