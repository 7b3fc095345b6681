// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.ollama;

import dev.puna.scheduling.Scheduling;
import dev.puna.store.ModelStore;
import dev.puna.support.Waiting;
import java.time.Duration;

/** The server that the tests of routes share: how each leaves it as the others want it. */
public final class SharedServer {
    private static final Duration BOUND = Duration.ofSeconds(20);

    private SharedServer() {}

    /** No model is in the store or in memory. */
    public static void empty(ModelStore store, Scheduling scheduling) {
        store.list().forEach(model -> store.delete(model.name()));
        unload(scheduling);
    }

    /** No model is in memory, nor being loaded. */
    public static void unload(Scheduling scheduling) {
        Waiting.until(BOUND, () -> {
            scheduling
                    .running()
                    .forEach(running -> scheduling.expire(running.model().name()));
            return scheduling.running().isEmpty();
        });
    }
}
