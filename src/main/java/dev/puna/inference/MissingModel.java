// SPDX-License-Identifier: Apache-2.0
package dev.puna.inference;

import dev.puna.failure.Failure;

/** What a client is told about a model that cannot be found; each API, and some of its routes, has words of its own. */
public interface MissingModel {
    /**
     * The request names no model.
     *
     * @param asked what stands there instead: nothing, or blanks
     */
    Failure unnamed(String asked);

    /** There is no model of that name. */
    Failure notFound(String asked);
}
