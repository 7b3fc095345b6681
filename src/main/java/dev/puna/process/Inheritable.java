// SPDX-License-Identifier: Apache-2.0
package dev.puna.process;

import java.io.Closeable;

/** What can be handed to a child, which has it as a descriptor. This process keeps its own until it closes it. */
public abstract sealed class Inheritable implements Closeable permits LocalSocket, SharedTurns {
    private final Descriptor descriptor;

    Inheritable(int number) {
        descriptor = new Descriptor(number);
    }

    final Descriptor descriptor() {
        return descriptor;
    }
}
