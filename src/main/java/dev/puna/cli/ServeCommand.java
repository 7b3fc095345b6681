// SPDX-License-Identifier: Apache-2.0
package dev.puna.cli;

import picocli.CommandLine.Command;

/** Describes {@code puna serve}; {@link dev.puna.Puna} starts the server itself before picocli is asked. */
@Command(name = "serve", aliases = "start", description = "Starts the server.", mixinStandardHelpOptions = true)
final class ServeCommand {}
