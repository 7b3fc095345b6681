// SPDX-License-Identifier: Apache-2.0
/**
 * Manifests and configurations as JSON, both ways, as leniently as Ollama reads them and as strictly as one must who deletes.
 *
 * <p>Used by {@link dev.puna.store} alone. <b>Threads:</b> any.
 */
@NullMarked
package dev.puna.store.json;

import org.jspecify.annotations.NullMarked;
