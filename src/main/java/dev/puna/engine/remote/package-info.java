// SPDX-License-Identifier: Apache-2.0
/**
 * Engines whose models are in processes of their own: the end of the protocol at which requests are.
 *
 * <p>Called by {@code server}. Entry type: {@link dev.puna.engine.remote.RemoteEngineLoader}.
 */
@NullMarked
package dev.puna.engine.remote;

import org.jspecify.annotations.NullMarked;
