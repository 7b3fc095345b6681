// SPDX-License-Identifier: Apache-2.0
package dev.puna.dist;

import static dev.puna.dist.Distribution.property;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/** What a package of Debian's has that other packages have not: {@code deploy/packages/debian}, filled in. */
final class DebianFiles {
    private DebianFiles() {}

    /** Leaves {@code control/} for jdeb, and the package's documents. */
    static void write(Path sources, Path files, Map<String, Set<String>> needed, Instant time) throws IOException {
        var from = sources.resolve("deploy/packages/debian");
        var control = files.resolve("control");
        var values = Map.of(
                "architecture", property("dist.architecture"),
                "conflicts", property("dist.conflicts"),
                "date",
                        DateTimeFormatter.RFC_1123_DATE_TIME
                                .format(time.atOffset(ZoneOffset.UTC))
                                .replace("GMT", "+0000"),
                "depends", DebianDependencies.of(needed),
                "maintainer", property("dist.maintainer"),
                "name", property("dist.name"),
                "provides", property("dist.provides"),
                "recommends", property("dist.recommends"),
                "version", version(property("dist.version")));
        Files.createDirectories(control);
        Files.writeString(control.resolve("control"), fill(Files.readString(from.resolve("control")), values));
        for (var script : new String[] {"postinst", "prerm", "postrm"}) {
            Files.copy(from.resolve(script), control.resolve(script), StandardCopyOption.REPLACE_EXISTING);
        }
        Files.writeString(files.resolve("copyright"), fill(Files.readString(from.resolve("copyright")), values));
        Files.writeString(
                files.resolve("lintian-overrides"), fill(Files.readString(from.resolve("lintian-overrides")), values));
        Files.write(files.resolve("changelog.gz"), gzip(fill(Files.readString(from.resolve("changelog")), values)));
        Files.write(files.resolve("puna.1.gz"), gzip(Files.readString(sources.resolve("deploy/man/puna.1"))));
    }

    /** What comes before a version sorts before it. */
    static String version(String ofMaven) {
        return ofMaven.replace('-', '~');
    }

    /** Puts values where their names stand between at signs; a field without a value is left out. */
    static String fill(String template, Map<String, String> values) {
        return template.lines()
                .filter(line -> values.entrySet().stream()
                        .noneMatch(value -> value.getValue().isEmpty() && line.endsWith(": @" + value.getKey() + "@")))
                .map(line -> {
                    for (var value : values.entrySet()) {
                        line = line.replace("@" + value.getKey() + "@", value.getValue());
                    }
                    return line + "\n";
                })
                .collect(Collectors.joining());
    }

    /** As {@code gzip -9n} does: the same bytes at any time. */
    static byte[] gzip(String text) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var zipped = new Best(bytes)) {
            zipped.write(text.getBytes(StandardCharsets.UTF_8));
        }
        var packed = bytes.toByteArray();
        // RFC 1952: "compressor used maximum compression".
        packed[8] = 2;
        return packed;
    }

    private static final class Best extends GZIPOutputStream {
        Best(OutputStream out) throws IOException {
            super(out);
            def.setLevel(Deflater.BEST_COMPRESSION);
        }
    }
}
