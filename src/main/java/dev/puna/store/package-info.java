// SPDX-License-Identifier: Apache-2.0
/**
 * The models on disk, in the folder format of Ollama, which both servers may use: blobs named by their digests and manifests
 * named by the models.
 *
 * <p>Every file appears at once and whole or not at all: written beside its place, synced, renamed. Whoever may delete what
 * another needs (delete, prune, manifest writes) holds a lock that also binds other Puna processes on the same folder;
 * Ollama itself takes no lock. Links, FIFOs and other oddities inside the folder are never opened. All types may be used
 * by many threads at once, but for uploads and drafts, which have one owner. Failures:
 * {@link dev.puna.failure.StoreFailure} when the folder is at fault,
 * {@link dev.puna.failure.InvalidRequest} when the asker is. Entry type: {@link dev.puna.store.ModelStore}.
 */
@NullMarked
package dev.puna.store;

import org.jspecify.annotations.NullMarked;
