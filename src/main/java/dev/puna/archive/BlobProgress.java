// SPDX-License-Identifier: Apache-2.0
package dev.puna.archive;

import dev.puna.model.Digest;

/** Is told how far a blob is, about once a megabyte, on the thread that does the work. */
public interface BlobProgress {
    /** Nobody wants to know. */
    BlobProgress NONE = (_, _, _) -> {};

    /** So many bytes of a blob are done. */
    void at(Digest blob, long total, long done);
}
