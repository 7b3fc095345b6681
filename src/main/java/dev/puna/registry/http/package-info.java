// SPDX-License-Identifier: Apache-2.0
/**
 * HTTP as registries are asked by it: single requests over HTTP/1.1 by Vert.x's client, for threads that may wait.
 *
 * <p>Nothing is decided here: no redirect is followed, no credential added, nothing tried again. Bodies go and come as streams of
 * which little is in memory at a time. Only {@code dev.puna.registry} may call. Entry type:
 * {@link dev.puna.registry.http.RegistryHttp}.
 */
@NullMarked
package dev.puna.registry.http;

import org.jspecify.annotations.NullMarked;
