// SPDX-License-Identifier: Apache-2.0
package dev.puna.hostile;

import static java.util.Objects.requireNonNull;

/**
 * A file that may be anything.
 *
 * @param kind in what way it was changed
 * @param what was changed, to find it again
 * @param use what is made of it
 */
record HostileModel(String kind, String what, byte[] file, Use use) {
    HostileModel {
        requireNonNull(kind, "kind is null");
        requireNonNull(what, "what is null");
        requireNonNull(use, "use is null");
    }

    /** What a file is used as. */
    enum Use {
        TEXT,
        EMBEDDING,
        ADAPTER,
        PROJECTOR,
        QUANTIZED
    }

    @Override
    public String toString() {
        return kind + ": " + what;
    }
}
