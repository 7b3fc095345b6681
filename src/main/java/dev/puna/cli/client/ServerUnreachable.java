// SPDX-License-Identifier: Apache-2.0
package dev.puna.cli.client;

/** Nobody answers at the server's address. */
public final class ServerUnreachable extends CommandFailure {
    ServerUnreachable(Throwable cause) {
        super("could not connect to puna server, run 'puna serve' to start it", cause);
    }
}
