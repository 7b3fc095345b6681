// SPDX-License-Identifier: Apache-2.0
package dev.puna.dist;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The notices of third parties: each part by name with its licence, then each text once. */
final class Notices {
    private static final String RULE = "=".repeat(100);

    private final List<String> lines = new ArrayList<>();
    /** A text as its words, with its number and how it was written. */
    private final Map<String, Numbered> texts = new LinkedHashMap<>();

    private record Numbered(int number, String text) {}

    private Notices() {}

    static Notices of(List<JavaPart> javaParts, List<NativePart> natives, LicenceTexts licences) throws IOException {
        var all = new Notices();
        for (var part : natives) {
            if (part.texts().isEmpty()) {
                throw new IllegalStateException(
                        "There is no text of the licence of %s, neither among the native libraries nor in the JDK: set GRAALVM_HOME to the GraalVM that linked the executable."
                                .formatted(part.name()));
            }
            all.add(part.name(), part.version(), List.of(part.licence()), part.texts());
        }
        for (var part : javaParts) {
            all.add(part.group() + ":" + part.name(), part.version(), part.licences(), licences.of(part));
        }
        return all;
    }

    private void add(String name, String version, List<String> licences, List<String> terms) {
        var numbers = terms.stream()
                .map(this::number)
                .distinct()
                .sorted()
                .map(String::valueOf)
                .collect(Collectors.joining(", "));
        lines.add("%s: %s%s"
                .formatted(
                        (name + " " + version).strip(),
                        String.join(" or ", licences),
                        numbers.isEmpty() ? "" : " [" + numbers + "]"));
    }

    private int number(String text) {
        return texts.computeIfAbsent(
                        text.replaceAll("\\s+", " ").strip(),
                        _ -> new Numbered(texts.size() + 1, text.strip().replace("\r", "")))
                .number();
    }

    void write(Path file) throws IOException {
        Files.writeString(file, toString());
    }

    @Override
    public String toString() {
        var out = new StringBuilder("""
                Puna itself is under the Apache License 2.0. It contains or is delivered with the parts named here. The numbers
                are those of the texts below.

                """);
        lines.stream().sorted(String.CASE_INSENSITIVE_ORDER).forEach(line -> out.append(line)
                .append('\n'));
        texts.values().forEach(text -> out.append("\n%s\n[%d]\n\n%s\n".formatted(RULE, text.number(), text.text())));
        return out.toString();
    }
}
