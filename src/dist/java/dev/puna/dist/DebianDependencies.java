// SPDX-License-Identifier: Apache-2.0
package dev.puna.dist;

import java.lang.module.ModuleDescriptor.Version;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Which of Debian's packages bring the libraries that are needed, and from which version on. */
final class DebianDependencies {
    /** The GCC that brought a version of symbols: the table in its manual, "ABI Policy and Guidelines". */
    private static final Map<String, String> GCC_OF = Map.ofEntries(
            Map.entry("GLIBCXX_3.4.29", "11"),
            Map.entry("GLIBCXX_3.4.30", "12"),
            Map.entry("GLIBCXX_3.4.31", "13.1"),
            Map.entry("GLIBCXX_3.4.32", "13.2"),
            Map.entry("GLIBCXX_3.4.33", "14"),
            Map.entry("GLIBCXX_3.4.34", "15"),
            Map.entry("CXXABI_1.3.13", "11"),
            Map.entry("CXXABI_1.3.14", "13"),
            Map.entry("CXXABI_1.3.15", "14"),
            Map.entry("CXXABI_1.3.16", "15"));

    /** Older than any that a supported Debian or Ubuntu has. */
    private static final String OLD_GCC = "10";

    /** Drivers and what comes with them: plug-ins ask for these, and are left out where they are missing. */
    private static final Set<String> OF_DRIVERS = Set.of("libcuda", "libcudart", "libcublas", "libcublasLt");

    private DebianDependencies() {}

    /** The value of the field Depends, sorted. */
    static String of(Map<String, Set<String>> needed) {
        var packages = new TreeMap<String, Set<String>>();
        needed.forEach((library, versions) -> packageOf(library, versions)
                .ifPresent(found -> packages.computeIfAbsent(found.name(), _ -> new TreeSet<>(NEWEST))
                        .add(found.version())));
        return String.join(
                ", ",
                packages.entrySet().stream()
                        .map(entry -> entry.getValue().stream()
                                .findFirst()
                                .filter(version -> !version.isEmpty())
                                .map(version -> "%s (>= %s)".formatted(entry.getKey(), version))
                                .orElse(entry.getKey()))
                        .toList());
    }

    private record Needed(String name, String version) {}

    private static final Comparator<String> NEWEST = Comparator.comparing(
                    (String version) -> Version.parse(version.isEmpty() ? "0" : version))
            .reversed();

    private static Optional<Needed> packageOf(String library, Set<String> versions) {
        var name = library.replaceFirst("\\.so.*", "");
        if (OF_DRIVERS.contains(name)) {
            return Optional.empty();
        }
        return Optional.of(
                switch (name) {
                    case "libc", "libm", "libdl", "libpthread", "librt", "ld-linux-x86-64", "ld-linux-aarch64" ->
                        new Needed("libc6", newest(versions, "GLIBC_"));
                    case "libstdc++" ->
                        new Needed(
                                "libstdc++6",
                                versions.stream()
                                        .map(version -> GCC_OF.getOrDefault(version, known(version)))
                                        .min(NEWEST)
                                        .orElse(OLD_GCC));
                    case "libgcc_s" -> new Needed("libgcc-s1", newest(versions, "GCC_"));
                    case "libz" -> new Needed("zlib1g", "");
                    case "libvulkan" -> new Needed("libvulkan1", "");
                    case "libgomp" -> new Needed("libgomp1", "");
                    default ->
                        throw new IllegalStateException("Which package of Debian brings " + library
                                + " is not known to DebianDependencies: add it there.");
                });
    }

    private static String newest(Set<String> versions, String prefix) {
        return versions.stream()
                .filter(version -> version.startsWith(prefix))
                .map(version -> version.substring(prefix.length()))
                .min(NEWEST)
                .orElse("");
    }

    /** What is older than the table; newer than it is a table to be extended. */
    private static String known(String version) {
        var newest = version.startsWith("GLIBCXX_") ? "3.4.34" : "1.3.16";
        if (Version.parse(version.replaceFirst(".*_", "")).compareTo(Version.parse(newest)) > 0) {
            throw new IllegalStateException(
                    "Which GCC brought " + version + " is not known to DebianDependencies: add it there.");
        }
        return OLD_GCC;
    }
}
