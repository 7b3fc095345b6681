// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.prefix;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import dev.puna.model.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jboss.logging.Logger;

/**
 * Whether and where models keep their prefixes on disk.
 *
 * @param folders finds the folder of a model by its files
 * @param conversations whether the ends of conversations are kept, too
 */
public record PrefixKeeping(Function<List<Path>, Optional<PrefixFolder>> folders, boolean conversations) {
    /** Nothing is kept. */
    public static final PrefixKeeping NONE = new PrefixKeeping(_ -> Optional.empty(), false);

    private static final Logger LOG = Logger.getLogger(PrefixKeeping.class);
    private static final String BLOB = "sha256-";

    public PrefixKeeping {
        requireNonNull(folders, "folders is null");
    }

    /**
     * What is kept of a model.
     *
     * @param modelFiles all files of the model, by which its folder is found
     * @param weights those that a state depends on
     * @param form what else it depends on: the library, and the form of the cache
     */
    public Optional<PrefixStore> open(List<Path> modelFiles, List<Path> weights, String form) {
        return folders.apply(modelFiles).flatMap(folder -> {
            try {
                return Optional.of(new PrefixStore(folder, key(weights, form)));
            } catch (IOException e) {
                LOG.warnf("prefix.no_folder folder=%s reason=\"%s\"", folder.path(), e);
                return Optional.empty();
            }
        });
    }

    /** A blob's name is the digest of its content; of any other file the size and the time of change stand for that. */
    private static Digest key(List<Path> weights, String form) throws IOException {
        var text = new StringBuilder(form);
        for (var file : weights) {
            var name = String.valueOf(file.getFileName());
            text.append('\n').append(name);
            if (!name.startsWith(BLOB)) {
                text.append('\n').append(file.toAbsolutePath());
                text.append('\n').append(Files.size(file));
                text.append('\n').append(Files.getLastModifiedTime(file).toMillis());
            }
        }
        return Digest.of(text.toString().getBytes(UTF_8));
    }
}
