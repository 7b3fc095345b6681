// SPDX-License-Identifier: Apache-2.0
/**
 * The command line's way to a server: HTTP with JSON, and starting a server where none runs.
 *
 * <p>Used by the commands only; blocking; one thread at a time per {@link dev.puna.cli.client.PunaServer}. Everything that goes
 * wrong is a {@link dev.puna.cli.client.CommandFailure} with a sentence for the user.
 */
@NullMarked
package dev.puna.cli.client;

import org.jspecify.annotations.NullMarked;
