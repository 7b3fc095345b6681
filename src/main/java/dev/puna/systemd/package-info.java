// SPDX-License-Identifier: Apache-2.0
/**
 * What a supervisor such as systemd is told: that the server is ready, that it stops, and that it is alive.
 *
 * <p>Called by {@link dev.puna.server} only. Nothing here starts a thread or waits longer than a second. The only foreign
 * functions are three of the C library's, because Java has no datagrams to Unix sockets. Entry type:
 * {@link dev.puna.systemd.Supervisor}.
 */
@NullMarked
package dev.puna.systemd;

import org.jspecify.annotations.NullMarked;
