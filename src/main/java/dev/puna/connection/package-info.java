// SPDX-License-Identifier: Apache-2.0
/** Connections as such: how many there may be, and how long a client may keep the server waiting. Knows nothing of any API. */
@NullMarked
package dev.puna.connection;

import org.jspecify.annotations.NullMarked;
