// SPDX-License-Identifier: Apache-2.0
package dev.puna.cli.client;

import dev.puna.model.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The digest of a file that may be larger than memory. */
public final class FileDigest {
    private static final int BUFFER = 1 << 18;

    private FileDigest() {}

    public static Digest of(Path file) throws IOException {
        try (var content = Files.newInputStream(file)) {
            var hash = Digest.newHash();
            var buffer = new byte[BUFFER];
            for (var read = content.read(buffer); read >= 0; read = content.read(buffer)) {
                hash.update(buffer, 0, read);
            }
            return Digest.ofHash(hash);
        }
    }
}
