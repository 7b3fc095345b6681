// SPDX-License-Identifier: Apache-2.0
package dev.puna.process;

import java.io.IOException;
import java.util.function.IntConsumer;

/**
 * A file descriptor of which every use is counted, so that its number is not given back to the system, and by it to another
 * file, while a call uses it.
 *
 * <p><b>Owns</b> the descriptor. <b>Threads:</b> any. <b>Close</b> is idempotent; the number is given back when the last use ends.
 */
final class Descriptor {
    private final int number;
    private int uses;
    private boolean closed;

    Descriptor(int number) {
        this.number = number;
    }

    /** Begins a use, which {@link #end} ends. */
    synchronized int use() throws IOException {
        if (closed) {
            throw new IOException("this end is closed");
        }
        uses++;
        return number;
    }

    /** Ends a use that began. */
    synchronized void end() {
        uses--;
        giveBack();
    }

    synchronized boolean isClosed() {
        return closed;
    }

    /** No use begins any more. What is to be done about uses on their way must not wait; it does not happen if there are none. */
    synchronized void close(IntConsumer ifUsed) {
        if (!closed) {
            closed = true;
            if (uses > 0) {
                ifUsed.accept(number);
            }
            giveBack();
        }
    }

    private void giveBack() {
        if (closed && uses == 0) {
            ProcessLibrary.functions().close(number);
        }
    }
}
