// SPDX-License-Identifier: Apache-2.0
/**
 * Models as one file: an OCI image layout in a tar archive, written and read as a stream.
 *
 * <p>Nothing of an archive is believed: each blob is hashed on its way into the store, and a model is there only when all its blobs
 * are. Memory does not grow with the archive. Called by commands on their own thread, beside a server on the same store or
 * without one. Failures: {@link dev.puna.failure.InvalidRequest} when the archive is at fault,
 * {@link dev.puna.failure.StoreFailure} when the store is. Entry types: {@link dev.puna.archive.ModelExport} and
 * {@link dev.puna.archive.ModelImport}.
 */
@NullMarked
package dev.puna.archive;

import org.jspecify.annotations.NullMarked;
