// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.wire;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Where frames go. */
@FunctionalInterface
public interface ByteSink {
    /**
     * Writes all bytes of all parts, in order, and waits until that is done.
     *
     * @param parts on the heap, each with at least one byte; there may be many. To be read only until this returns
     */
    void write(ByteBuffer... parts) throws IOException;
}
