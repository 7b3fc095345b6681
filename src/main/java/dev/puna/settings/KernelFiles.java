// SPDX-License-Identifier: Apache-2.0
package dev.puna.settings;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** The small text files in which Linux tells about the machine; absent elsewhere, which is no failure. */
public final class KernelFiles {
    private KernelFiles() {}

    /** The text without spaces and line ends around it. */
    public static Optional<String> read(Path file) {
        try {
            return Optional.of(Files.readString(file, StandardCharsets.UTF_8).strip());
        } catch (IOException _) {
            return Optional.empty();
        }
    }

    /** The number that is all of a text; nothing for "max", which means no limit, and other words. */
    public static Optional<Long> number(String text) {
        try {
            return Optional.of(Long.parseLong(text));
        } catch (NumberFormatException _) {
            return Optional.empty();
        }
    }

    /**
     * The folders of this process's control group and of all that enclose it, as far as they can be seen: a limit of any of
     * them counts.
     *
     * @param root of the file system to read
     * @param controller as version 1 calls it ("cpu", "memory"); in version 2 all share one folder
     */
    public static Stream<Path> controlGroups(Path root, String controller) {
        return read(root.resolve("proc/self/cgroup")).stream()
                .flatMap(String::lines)
                .map(line -> line.split(":", 3))
                .filter(parts -> parts.length == 3)
                .flatMap(parts -> folders(root.resolve("sys/fs/cgroup"), parts, controller));
    }

    private static Stream<Path> folders(Path groups, String[] parts, String controller) {
        if (parts[0].equals("0")) {
            return upwards(groups, parts[2]);
        }
        return Stream.of(parts[1].split(",")).anyMatch(controller::equals)
                ? Stream.of(parts[1], controller).distinct().flatMap(name -> upwards(groups.resolve(name), parts[2]))
                : Stream.empty();
    }

    private static Stream<Path> upwards(Path groups, String group) {
        var own = groups.resolve(group.replaceFirst("^/+", "")).normalize();
        return Stream.iterate(own, path -> path != null && path.startsWith(groups), Path::getParent);
    }
}
