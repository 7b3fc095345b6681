// SPDX-License-Identifier: Apache-2.0
package dev.puna.cli;

/** The variable that every client command reads, as help describes it: a name, an equals sign, what it means. */
final class PunaHost {
    static final String DOC = "PUNA_HOST=IP Address for the puna server (default 127.0.0.1:11434)";

    private PunaHost() {}
}
