// SPDX-License-Identifier: Apache-2.0
package dev.puna.creation;

import static java.util.Objects.requireNonNull;

import dev.puna.engine.Quantizer;
import dev.puna.model.ModelName;
import dev.puna.registry.PullService;
import dev.puna.store.ModelStore;

/**
 * Makes models in a store. Any thread.
 *
 * @param store where the files are, and where the models go
 * @param quantizer writes weights anew
 * @param pulls gets models to start from that are not here
 */
public record CreationService(ModelStore store, Quantizer quantizer, PullService pulls) {
    public CreationService {
        requireNonNull(store, "store is null");
        requireNonNull(quantizer, "quantizer is null");
        requireNonNull(pulls, "pulls is null");
    }

    /** The making of one model, which has not begun. */
    public CreationJob job(ModelName name, CreationRequest request) {
        return new CreationJob(this, name, request);
    }
}
