// SPDX-License-Identifier: Apache-2.0
package dev.puna.cli.client;

/** Whoever read the command's output reads no more: there is nobody to tell, and nothing more to do. */
public final class OutputClosed extends CommandFailure {
    public OutputClosed() {
        super("nobody reads the output");
    }
}
