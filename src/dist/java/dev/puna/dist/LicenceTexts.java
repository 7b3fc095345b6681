// SPDX-License-Identifier: Apache-2.0
package dev.puna.dist;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** The texts under which Java libraries are given to us: those in their files, and for libraries that bring none, ours. */
final class LicenceTexts {
    private static final Pattern TEXT =
            Pattern.compile("(?:META-INF/)?(?:LICEN[CS]E|NOTICE|COPYING)[^/]*", Pattern.CASE_INSENSITIVE);

    /** Licences that do not ask to be handed on. */
    private static final Set<String> ASK_FOR_NOTHING = Set.of("CC0-1.0", "MIT-0");

    private static final String APACHE = "Apache-2.0";

    private final Path ours;
    private final String apache;
    private final Map<String, Path> jars = new TreeMap<>();

    /** {@code jars} is the class path that the executable was made of; more does no harm. */
    LicenceTexts(Path sources, Stream<Path> jars) throws IOException {
        ours = sources.resolve("deploy/packages/licenses");
        apache = Files.readString(sources.resolve("LICENSE"));
        jars.forEach(jar -> this.jars.put(jar.getFileName().toString(), jar));
    }

    List<String> of(JavaPart part) throws IOException {
        var jar = jars.get(part.fileName());
        if (jar == null) {
            throw new IllegalStateException(
                    "The bill of materials names %s, which is not on the class path.".formatted(part.fileName()));
        }
        var texts = new ArrayList<String>();
        if (part.licences().contains(APACHE)) {
            texts.add(apache);
        }
        try (var zip = new ZipFile(jar.toFile())) {
            var names = zip.stream()
                    .map(ZipEntry::getName)
                    .filter(name -> TEXT.matcher(name).matches() && !name.endsWith(".class"))
                    .sorted();
            for (var name : names.toList()) {
                texts.add(new String(zip.getInputStream(zip.getEntry(name)).readAllBytes(), StandardCharsets.UTF_8));
            }
        }
        var added = ours.resolve(part.group() + ".txt");
        if (Files.exists(added)) {
            texts.add(Files.readString(added));
        }
        if (texts.isEmpty() && part.licences().stream().noneMatch(ASK_FOR_NOTHING::contains)) {
            throw new IllegalStateException("%s is under %s and brings no text of it: put that into %s."
                    .formatted(part.fileName(), part.licences(), added));
        }
        texts.replaceAll(text -> isApache(text) ? apache : text);
        return texts.stream().distinct().toList();
    }

    /** Whether it is the licence itself, whatever its spaces and its appendix. */
    private boolean isApache(String text) {
        return terms(text).equals(terms(apache));
    }

    private static String terms(String text) {
        return text.replaceFirst("(?s)END OF TERMS AND CONDITIONS.*", "")
                .replaceAll("\\s+", " ")
                .strip();
    }
}
