// SPDX-License-Identifier: Apache-2.0
/**
 * The command line: picocli commands that talk HTTP to a server.
 *
 * <p>Called by {@link dev.puna.Puna} only, on its main thread. Starts no Quarkus and loads no native library. Output goes
 * through the writers of the picocli command, so that a test can read it. Entry type: {@link dev.puna.cli.CommandTree}.
 */
@NullMarked
package dev.puna.cli;

import org.jspecify.annotations.NullMarked;
