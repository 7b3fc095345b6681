// SPDX-License-Identifier: Apache-2.0
package dev.puna.settings;

import java.nio.file.Path;
import java.util.regex.Pattern;

/** How many files and sockets this process may have open. Where it has no more, it cannot even accept a connection to close it. */
public final class OpenFiles {
    private static final Pattern LIMIT = Pattern.compile("Max open files\\s+(\\d{1,9})\\s.*");

    /** For files of models, pipes, libraries, and connections to others. */
    private static final int OWN = 256;

    private static final int FEWEST = 64;

    private OpenFiles() {}

    /**
     * So many connections as were asked for, but no more than there can be.
     *
     * @param root of the file system to read
     * @param asked connections, 0 for any number
     */
    public static int connections(Path root, int asked) {
        var most = KernelFiles.read(root.resolve("proc/self/limits")).stream()
                .flatMap(String::lines)
                .map(LIMIT::matcher)
                .filter(line -> line.matches())
                .mapToInt(line -> Math.max(FEWEST, Integer.parseInt(line.group(1)) - OWN))
                .findFirst()
                .orElse(Integer.MAX_VALUE);
        return most == Integer.MAX_VALUE ? asked : asked == 0 ? most : Math.min(asked, most);
    }
}
