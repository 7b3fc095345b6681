// SPDX-License-Identifier: Apache-2.0
package dev.puna.scheduling;

import dev.puna.engine.Engine;

/** The right to use a loaded model until closed. <b>Threads:</b> any. <b>Close</b> may be called twice; it must be called once. */
public interface Lease extends AutoCloseable {

    /** The model; valid until {@link #close()}. */
    Engine engine();

    @Override
    void close();
}
