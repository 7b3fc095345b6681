// SPDX-License-Identifier: Apache-2.0
/**
 * The server put together: what is made once, how it starts, and how it stops.
 *
 * <p>Called by {@link dev.puna.Puna} only. Here alone classes of all packages meet; the container makes everything once and
 * hands it to constructors. Entry type: {@link dev.puna.server.PunaServe}.
 */
@NullMarked
package dev.puna.server;

import org.jspecify.annotations.NullMarked;
