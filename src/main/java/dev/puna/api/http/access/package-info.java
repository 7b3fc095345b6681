// SPDX-License-Identifier: Apache-2.0
/**
 * Rules about what a request says of itself: its host, its origin, its path. Only {@code api.http} asks them.
 *
 * <p>Values without transport; any thread.
 */
@NullMarked
package dev.puna.api.http.access;

import org.jspecify.annotations.NullMarked;
