// SPDX-License-Identifier: Apache-2.0
package dev.puna.llama;

import dev.puna.llama.binding.LoadMonitor;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * How far one load or one quantisation has come, and the way to stop it.
 *
 * <p>Made by whoever asks for the work, and good for one. It holds native memory only while the load runs.
 * <b>Threads:</b> any.
 */
public final class LoadProgress {
    private @Nullable LoadMonitor monitor;
    private double fraction;
    private boolean cancelled;

    /** Between 0 and 1. */
    public synchronized double fraction() {
        return monitor == null ? fraction : monitor.fraction();
    }

    /** Stops the work at the next tensor; one that has not begun will not begin. */
    public synchronized void cancel() {
        cancelled = true;
        if (monitor != null) {
            monitor.cancel();
        }
    }

    public synchronized boolean cancelled() {
        return cancelled;
    }

    <T> T watch(Function<LoadMonitor, T> load) {
        try (var opened = LoadMonitor.open()) {
            attach(opened);
            try {
                return load.apply(opened);
            } finally {
                detach(opened);
            }
        }
    }

    private synchronized void attach(LoadMonitor opened) {
        monitor = opened;
        if (cancelled) {
            opened.cancel();
        }
    }

    private synchronized void detach(LoadMonitor opened) {
        fraction = opened.fraction();
        monitor = null;
    }
}
