// SPDX-License-Identifier: Apache-2.0
package dev.puna.seeds;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** A text in Markdown, read for what stands between fences. */
record Guide(String number, int fences, List<Example> examples) {
    private static final Path FOLDER = Path.of("src/test/resources/seeds");
    private static final String FENCE = "```";

    /** Fences with several commands, told apart by empty lines. */
    private static final Set<String> LISTS = Set.of("003/1", "003/2");

    static List<Guide> all() throws IOException {
        try (var files = Files.list(FOLDER)) {
            var guides = new ArrayList<Guide>();
            for (var file : files.sorted().toList()) {
                var number = file.getFileName().toString().split("_", 2)[0];
                guides.add(read(number, Files.readAllLines(file)));
            }
            return guides;
        }
    }

    private static Guide read(String number, List<String> lines) {
        var examples = new ArrayList<Example>();
        var heading = "";
        var fences = 0;
        for (var i = 0; i < lines.size(); i++) {
            var line = lines.get(i);
            if (line.startsWith("#")) {
                heading = line.replaceFirst("^#+ ", "");
            }
            if (line.strip().startsWith(FENCE)) {
                fences++;
                var indentation = line.indexOf('`');
                var end = end(lines, i);
                var text = lines.subList(i + 1, end).stream()
                        .map(inside -> inside.substring(Math.min(indentation, inside.length())))
                        .toList();
                var language = line.strip().substring(FENCE.length());
                add(examples, new Example(number + "/" + fences, heading, language, String.join("\n", text)));
                i = end;
            }
        }
        return new Guide(number, fences, List.copyOf(examples));
    }

    private static int end(List<String> lines, int start) {
        for (var i = start + 1; i < lines.size(); i++) {
            if (lines.get(i).strip().equals(FENCE)) {
                return i;
            }
        }
        throw new IllegalArgumentException("the fence in line " + (start + 1) + " is never closed");
    }

    private static void add(List<Example> examples, Example whole) {
        if (!LISTS.contains(whole.name())) {
            examples.add(whole);
            return;
        }
        var letter = 'a';
        for (var part : whole.text().split("\n\n")) {
            examples.add(new Example(whole.name() + letter++, whole.heading(), whole.language(), part));
        }
    }
}
