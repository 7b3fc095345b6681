// SPDX-License-Identifier: Apache-2.0
package dev.puna.folder;

import dev.puna.store.file.FileStamp;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * One walk through a folder and those below it, in the order of names, so that two walks find the same. Hidden entries are passed
 * over. Links are followed, each folder is entered once, and nothing is opened but folders: a FIFO cannot stop it. <b>Threads:</b> one.
 */
final class FolderWalk {
    /** Folders below folders, which is what deep collections have and then some. */
    static final int DEEPEST = 8;
    /** Entries of all kinds, so that a wrong folder, such as a home, costs a second and no more. */
    static final int MOST_ENTRIES = 50_000;

    private final SkipLog log;
    private final Set<Path> entered = new HashSet<>();
    private int entries;

    FolderWalk(SkipLog log) {
        this.log = log;
    }

    /**
     * A GGUF file, by its name.
     *
     * @param place where it was found, which may be a link
     * @param name what the name of the place says
     * @param stamp of the file itself
     */
    record Found(Path place, FileName name, FileStamp stamp) {}

    /**
     * A folder.
     *
     * @param path its path without links
     * @param files GGUF files in it
     * @param folders in it
     */
    record Folder(Path path, List<Found> files, List<Folder> folders) {
        Folder {
            files = List.copyOf(files);
            folders = List.copyOf(folders);
        }
    }

    /** What is in a folder; of one that cannot be read, nothing. */
    Folder walk(Path folder) {
        try {
            return walk(folder.toRealPath(), 0);
        } catch (IOException e) {
            log.skipped(folder, reason(e));
            return new Folder(folder, List.of(), List.of());
        }
    }

    private Folder walk(Path real, int depth) {
        var files = new ArrayList<Found>();
        var folders = new ArrayList<Folder>();
        if (entered.add(real)) {
            try {
                for (var entry : entries(real)) {
                    visit(entry, depth, files, folders);
                }
            } catch (IOException e) {
                log.skipped(real, reason(e));
            }
        }
        return new Folder(real, files, folders);
    }

    private List<Path> entries(Path folder) throws IOException {
        var found = new ArrayList<Path>();
        try (var stream = Files.newDirectoryStream(folder)) {
            for (var entry : stream) {
                if (entries++ >= MOST_ENTRIES) {
                    log.skipped(folder, "more than %d files and folders; the rest is left out".formatted(MOST_ENTRIES));
                    break;
                }
                if (!entry.getFileName().toString().startsWith(".")) {
                    found.add(entry);
                }
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        found.sort(null);
        return found;
    }

    private void visit(Path entry, int depth, List<Found> files, List<Folder> folders) {
        var name = FileName.of(entry.getFileName().toString());
        try {
            var here = Files.readAttributes(entry, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            var real = here.isSymbolicLink() ? entry.toRealPath() : entry;
            var attributes = here.isSymbolicLink() ? Files.readAttributes(real, BasicFileAttributes.class) : here;
            if (attributes.isDirectory()) {
                if (depth < DEEPEST) {
                    folders.add(walk(real, depth + 1));
                } else {
                    log.skipped(entry, "more than %d folders deep".formatted(DEEPEST));
                }
            } else if (name.isPresent()) {
                add(entry, name.get(), real, files);
            }
        } catch (IOException e) {
            if (name.isPresent()) {
                log.skipped(entry, reason(e));
            }
        }
    }

    private void add(Path entry, FileName name, Path real, List<Found> files) {
        var stamp = FileStamp.of(real);
        if (stamp.isPresent()) {
            files.add(new Found(entry, name, stamp.get()));
        } else {
            log.skipped(entry, "it is no regular file");
        }
    }

    private static String reason(IOException e) {
        return switch (e) {
            case NoSuchFileException _ -> "it is not there, or leads nowhere";
            case AccessDeniedException _ -> "this user may not read it";
            case FileSystemException failure when failure.getReason() != null -> failure.getReason();
            default -> e.toString();
        };
    }
}
