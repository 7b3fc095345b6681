// SPDX-License-Identifier: Apache-2.0
package dev.puna.memory;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A part of the address space that shows a file as it is on disk: private, not writable, and without a page that was ever
 * changed. Taken out of memory, its pages come back from the page cache when they are touched. Source of the format:
 * {@code proc_pid_smaps(5)}.
 *
 * @param address of its first byte, on a page's border
 * @param length in bytes
 */
record CleanMapping(long address, long length) {
    private static final Pattern HEADER =
            Pattern.compile("([0-9a-f]+)-([0-9a-f]+) (r-[x-]p) [0-9a-f]+ \\S+ \\d+\\s+/.*");

    /** Where it says more, the mapping holds copies of the file's pages, as where the dynamic linker has written into them. */
    private static final String COPIES = "Anonymous:";

    private static final String NONE = " 0 kB";

    /** All of them in the text of {@code /proc/self/smaps}, with little garbage: this is to save memory. */
    static List<CleanMapping> in(Stream<String> smaps) {
        var found = new ArrayList<CleanMapping>();
        var header = "";
        for (var line : (Iterable<String>) smaps::iterator) {
            if (!Character.isUpperCase(line.charAt(0))) {
                header = line;
            } else if (line.startsWith(COPIES) && line.endsWith(NONE)) {
                var mapping = HEADER.matcher(header);
                if (mapping.matches()) {
                    found.add(of(mapping));
                }
            }
        }
        return found;
    }

    private static CleanMapping of(Matcher header) {
        var start = Long.parseUnsignedLong(header.group(1), 16);
        return new CleanMapping(start, Long.parseUnsignedLong(header.group(2), 16) - start);
    }
}
