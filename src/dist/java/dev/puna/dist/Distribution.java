// SPDX-License-Identifier: Apache-2.0
package dev.puna.dist;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.stream.Stream;

/** Makes the files of a distribution; Maven's profile {@code dist} says from what, in properties of the same names. */
public final class Distribution {
    private Distribution() {}

    public static void main(String[] arguments) throws IOException {
        try {
            make();
        } catch (IllegalStateException problem) {
            System.err.println("dist: " + problem.getMessage());
            System.exit(1);
        }
    }

    private static void make() throws IOException {
        var sources = folder("dist.sources");
        var files = folder("dist.files");
        var libs = folder("dist.libs");
        var program = folder("dist.program");
        if (!Files.isExecutable(program)) {
            throw new IllegalStateException(
                    "There is no native executable %s: run ./mvnw package -Dnative -Pdist.".formatted(program));
        }
        if (!Files.exists(libs.resolve("VERSION"))) {
            throw new IllegalStateException(
                    "There are no native libraries in %s: run native-libs/prepare with --variant %s, which makes them."
                            .formatted(libs, property("dist.variant")));
        }
        var javaParts = folder("dist.java-parts");
        if (!Files.exists(javaParts)) {
            throw new IllegalStateException(
                    "There is no %s, the list of the Java libraries: the plugin that writes it is left out of offline builds, so build without -o."
                            .formatted(javaParts));
        }
        var time = time(property("dist.time"));
        var natives = NativeParts.of(program, libs, sources, jdk());
        var bill = BillOfMaterials.read(javaParts);

        Files.createDirectories(files);
        bill.complete(program, libs, natives, time);
        bill.write(files.resolve("sbom.cdx.json"));
        // The next build is to have its own.
        Files.delete(javaParts);
        Notices.of(bill.javaParts(), natives, new LicenceTexts(sources, jars()))
                .write(files.resolve("THIRD-PARTY-NOTICES.txt"));
        DebianFiles.write(sources, files, SharedLibraries.neededBy(program, libs), time);
    }

    /** A moment as Maven's {@code project.build.outputTimestamp} has it: ISO 8601, or seconds since 1970. */
    static Instant time(String text) {
        if (text.matches("\\d{1,10}")) {
            return Instant.ofEpochSecond(Long.parseLong(text));
        }
        if (!text.matches("\\d{4}-\\d\\d-\\d\\dT.*")) {
            throw new IllegalStateException(
                    "The time to date the packages with is not known: build in a git clone, or set SOURCE_DATE_EPOCH.");
        }
        return OffsetDateTime.parse(text).toInstant();
    }

    /** The one that linked the executable, whose terms go with it; else that of the build. */
    private static Path jdk() {
        return Path.of(Optional.ofNullable(System.getenv("GRAALVM_HOME")).orElse(System.getProperty("java.home")));
    }

    private static Stream<Path> jars() {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(Path::of);
    }

    private static Path folder(String name) {
        return Path.of(property(name));
    }

    static String property(String name) {
        var value = System.getProperty(name);
        if (value == null) {
            throw new IllegalStateException(
                    "The property " + name + " is missing: run ./mvnw package -Dnative -Pdist.");
        }
        return value;
    }
}
