// SPDX-License-Identifier: Apache-2.0
package dev.puna.folder;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.puna.folder.FolderWalk.Folder;
import dev.puna.folder.FolderWalk.Found;
import dev.puna.model.ModelName;
import dev.puna.store.file.FileStamp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A repository in the cache of Hugging Face's tools: {@code models--ORG--REPO/snapshots/REVISION} with links into {@code blobs}, and
 * the revision that counts in {@code refs/main}. Its models are called as a pull would call them. Source: "Understand caching" of
 * huggingface_hub's documentation, and contract 4.
 *
 * @param owner of the repository
 * @param repository without its owner
 * @param folder of the repository
 */
record HubCache(String owner, String repository, Folder folder) {
    private static final String HOST = "hf.co";
    private static final Pattern FOLDER = Pattern.compile("models--(.+?)--(.+)");
    private static final int LONGEST_REVISION = 100;

    /** The repository that a folder is, if it is one. */
    static Optional<HubCache> of(Folder folder) {
        var name = FOLDER.matcher(fileName(folder.path()));
        return name.matches() && child(folder, "snapshots").isPresent()
                ? Optional.of(new HubCache(name.group(1), name.group(2), folder))
                : Optional.empty();
    }

    /** Every GGUF file of the revision that counts. */
    List<Found> files() {
        return child(folder, "snapshots")
                .flatMap(this::revision)
                .map(HubCache::all)
                .orElse(Stream.empty())
                .toList();
    }

    /** The name of a model with that tag. */
    ModelName name(String tag) {
        return new ModelName(
                HOST, FileName.allowed(owner, "models").replace('.', '-'), FileName.allowed(repository, "model"), tag);
    }

    /** That of {@code refs/main}, else the newest. */
    private Optional<Folder> revision(Folder snapshots) {
        return main().flatMap(name -> child(snapshots, name)).or(() -> snapshots.folders().stream()
                .max(Comparator.comparing((Folder one) -> one.path().toFile().lastModified())
                        .thenComparing(Folder::path)));
    }

    private Optional<String> main() {
        var file = folder.path().resolve("refs/main");
        return FileStamp.of(file)
                .filter(stamp -> stamp.size() <= LONGEST_REVISION)
                .map(_ -> {
                    try {
                        return Files.readString(file, US_ASCII).strip();
                    } catch (IOException _) {
                        return "";
                    }
                });
    }

    private static Stream<Found> all(Folder folder) {
        return Stream.concat(folder.files().stream(), folder.folders().stream().flatMap(HubCache::all));
    }

    private static Optional<Folder> child(Folder folder, String name) {
        return folder.folders().stream()
                .filter(one -> fileName(one.path()).equals(name))
                .findFirst();
    }

    private static String fileName(Path path) {
        return path.getFileName() == null ? "" : path.getFileName().toString();
    }
}
