// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.prefix;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jboss.logging.Logger;

/**
 * The folders of all models, of which each has one that its process may write in, and how much they may hold together. Beside each
 * lies a file with the paths of its weights: when these are gone, so is the folder. Nothing in the folders is read here. <b>Threads:</b>
 * any.
 */
public final class PrefixFolders {
    /** For a user without a home: nothing is kept. */
    public static final PrefixFolders NONE = new PrefixFolders(Path.of("/nonexistent"), OptionalLong.of(0));

    private static final Logger LOG = Logger.getLogger(PrefixFolders.class);
    private static final long MOST_USUAL = 2L << 30;
    private static final int PART_OF_DISK = 20;
    private static final int NAME = 64;
    private static final String RECORD = ".model";

    private final Path base;
    private final OptionalLong mostBytes;

    /**
     * @param base holds nothing else; made when it is first wanted
     * @param mostBytes of all prefixes together, 0 for none; empty for what fits the disk
     */
    public PrefixFolders(Path base, OptionalLong mostBytes) {
        this.base = requireNonNull(base, "base is null");
        this.mostBytes = requireNonNull(mostBytes, "mostBytes is null");
    }

    /**
     * The folder of a model, which exists.
     *
     * @param modelFiles by which the model is known: its weights first
     * @return empty if there is to be none, or it cannot be made
     */
    public synchronized Optional<PrefixFolder> of(List<Path> modelFiles) {
        if (modelFiles.isEmpty() || mostBytes.orElse(1) == 0) {
            tidy();
            return Optional.empty();
        }
        try {
            var own = ModelFolder.make(base, modelFiles);
            Files.writeString(record(own.path()), own.files());
            tidy();
            return Optional.of(new PrefixFolder(own.path(), most()));
        } catch (IOException e) {
            LOG.infof("prefix.no_folder folder=%s reason=\"%s\"", base, e);
            return Optional.empty();
        }
    }

    /** Removes what is kept of models whose files are gone, and then what is too much. */
    public synchronized void tidy() {
        var files = new ArrayList<PrefixFiles.Found>();
        for (var folder : folders()) {
            if (isOfModelThatIsGone(folder)) {
                remove(folder);
            } else {
                files.addAll(PrefixFiles.in(folder));
            }
        }
        files.sort(Comparator.comparingLong(PrefixFiles.Found::lastUse));
        PrefixFiles.trim(files, most());
    }

    private long most() {
        return mostBytes.orElseGet(() -> Math.min(MOST_USUAL, base.toFile().getUsableSpace() / PART_OF_DISK));
    }

    private List<Path> folders() {
        var folders = new ArrayList<Path>();
        try (var entries = Files.newDirectoryStream(base)) {
            for (var entry : entries) {
                var name = String.valueOf(entry.getFileName());
                if (name.length() == NAME
                        && PrefixFiles.isHex(name, 0, NAME)
                        && Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
                    folders.add(entry);
                }
            }
        } catch (IOException | DirectoryIteratorException _) {
            // none yet
        }
        return folders;
    }

    private static Path record(Path folder) {
        return folder.resolveSibling(folder.getFileName() + RECORD);
    }

    private static boolean isOfModelThatIsGone(Path folder) {
        try {
            return Files.readString(record(folder)).lines().anyMatch(path -> Files.notExists(Path.of(path)));
        } catch (IOException | IllegalArgumentException _) {
            // Who did not say what it is of is left alone; what lies in it goes when it is the least recently used.
            return false;
        }
    }

    /** What is not ours in it stays, and so does the folder then. */
    private static void remove(Path folder) {
        PrefixFiles.in(folder).forEach(found -> PrefixFiles.remove(found.file()));
        PrefixFiles.remove(folder);
        PrefixFiles.remove(record(folder));
        LOG.debugf("prefix.removed folder=%s", folder);
    }
}
