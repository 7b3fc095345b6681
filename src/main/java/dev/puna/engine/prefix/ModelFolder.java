// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.prefix;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.puna.model.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A folder in which only this user reads and writes, named by the files of a model.
 *
 * @param path of the folder, which existed when this was made
 * @param files absolute paths of the model's files, one a line; the folder's name is a digest of this
 */
public record ModelFolder(Path path, String files) {

    /**
     * Finds the folder of a model, or makes it and those around it.
     *
     * @param base holds the folders of all models
     * @param modelFiles by which the model is known, in an order that stays
     */
    public static ModelFolder make(Path base, List<Path> modelFiles) throws IOException {
        var files = modelFiles.stream()
                .map(file -> file.toAbsolutePath().normalize().toString())
                .collect(Collectors.joining("\n"));
        var path = base.resolve(Digest.of(files.getBytes(UTF_8)).hex());
        Files.createDirectories(
                path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        return new ModelFolder(path, files);
    }
}
