// SPDX-License-Identifier: Apache-2.0
/**
 * The engine in this process: the decode loop over a native context, the slots of its KV cache, the loop of embedding models, loading
 * and quantising.
 *
 * <p>One thread a context touches native memory; others hand sequences to it and read events from bounded queues. Made by
 * {@code server} alone, which knows it by the interfaces of {@link dev.puna.engine}. Entry:
 * {@link dev.puna.engine.local.NativeEngineLoader}.
 */
@NullMarked
package dev.puna.engine.local;

import org.jspecify.annotations.NullMarked;
