// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.wire;

import java.io.IOException;

/** Where frames come from. */
@FunctionalInterface
public interface ByteSource {
    /**
     * Waits for bytes, as {@link java.io.InputStream#read(byte[], int, int)} does.
     *
     * @param length at least 1
     * @return how many came, at least 1; -1 at the end
     */
    int read(byte[] into, int offset, int length) throws IOException;
}
