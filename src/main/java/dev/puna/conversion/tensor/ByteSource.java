// SPDX-License-Identifier: Apache-2.0
package dev.puna.conversion.tensor;

import java.nio.ByteBuffer;

/** Bytes that lie somewhere, read by their position. */
public interface ByteSource {
    /**
     * Fills what remains of the buffer, or throws what says why that cannot be.
     *
     * @param position of the first byte
     */
    void read(long position, ByteBuffer into);
}
