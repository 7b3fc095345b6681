// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.remote;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Bytes from one thread to another; both ends end when it is closed. */
public interface Pipe {
    /** Waits for bytes; -1 at the end. */
    int read(byte[] into, int offset, int length) throws IOException;

    /** Waits until there is room for all. */
    void write(ByteBuffer... parts) throws IOException;

    void close();
}
