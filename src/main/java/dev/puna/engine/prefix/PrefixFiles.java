// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.prefix;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The files of a folder by their names, and which of them go first. Whatever has another name is somebody else's. */
final class PrefixFiles {
    private static final String ENDING = ".prefix";
    private static final String UNFINISHED = ".prefix-part";
    private static final int VARIANT = 16;
    private static final int TOKENS = 32;

    /** Nobody takes longer to write one. */
    private static final long ABANDONED_MILLIS = 600_000;

    private PrefixFiles() {}

    /**
     * A file as the system shows it.
     *
     * @param lastUse milliseconds since 1970
     */
    record Found(Path file, long bytes, long lastUse) {}

    /** The name of a file: whom it is of use to, and what of. */
    static String name(String variant, String tokens) {
        return variant.substring(0, VARIANT) + "-" + tokens.substring(0, TOKENS) + ENDING;
    }

    /** A name that nobody else writes to, of what is to become a file. */
    static String unfinished(String name) {
        return name + "." + ProcessHandle.current().pid() + "-" + Long.toHexString(System.nanoTime()) + UNFINISHED;
    }

    static boolean isOf(String variant, Path file) {
        var name = nameOf(file);
        return isFinished(name) && name.startsWith(variant.substring(0, VARIANT));
    }

    /** All files of ours in a folder, the least recently used first. */
    static List<Found> in(Path folder) {
        var found = new ArrayList<Found>();
        try (var entries = Files.newDirectoryStream(folder)) {
            for (var file : entries) {
                var name = nameOf(file);
                if (isFinished(name) || isUnfinished(name)) {
                    add(found, file);
                }
            }
        } catch (IOException | DirectoryIteratorException _) {
            // none, or none that can be seen
        }
        found.sort(Comparator.comparingLong(Found::lastUse));
        return found;
    }

    private static void add(List<Found> found, Path file) {
        try {
            var time =
                    Files.getLastModifiedTime(file, LinkOption.NOFOLLOW_LINKS).toMillis();
            found.add(
                    new Found(file, Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) ? Files.size(file) : 0, time));
        } catch (IOException _) {
            // gone meanwhile
        }
    }

    /**
     * Removes the least recently used until the rest is no more than so many bytes, and what was never finished.
     *
     * @param files the least recently used first
     */
    static void trim(List<Found> files, long mostBytes) {
        var bytes = 0L;
        for (var one : files) {
            bytes += one.bytes();
        }
        var abandoned = System.currentTimeMillis() - ABANDONED_MILLIS;
        for (var one : files) {
            var unfinished = isUnfinished(nameOf(one.file()));
            if (unfinished ? one.lastUse() < abandoned : bytes > mostBytes) {
                remove(one.file());
                bytes -= one.bytes();
            }
        }
    }

    static void remove(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException _) {
            // tried again when the folder is next looked at
        }
    }

    private static String nameOf(Path file) {
        return String.valueOf(file.getFileName());
    }

    private static boolean isFinished(String name) {
        return name.length() == VARIANT + 1 + TOKENS + ENDING.length()
                && name.endsWith(ENDING)
                && name.charAt(VARIANT) == '-'
                && isHex(name, 0, VARIANT)
                && isHex(name, VARIANT + 1, VARIANT + 1 + TOKENS);
    }

    private static boolean isUnfinished(String name) {
        var end = VARIANT + 1 + TOKENS + ENDING.length();
        return name.endsWith(UNFINISHED) && name.length() > end && isFinished(name.substring(0, end));
    }

    static boolean isHex(String text, int from, int to) {
        for (var i = from; i < to; i++) {
            if ("0123456789abcdef".indexOf(text.charAt(i)) < 0) {
                return false;
            }
        }
        return true;
    }
}
