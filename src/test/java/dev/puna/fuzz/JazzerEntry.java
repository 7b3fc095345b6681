// SPDX-License-Identifier: Apache-2.0
package dev.puna.fuzz;

/** Where Jazzer enters, which finds these methods by their names; the first argument says which target is meant. */
public final class JazzerEntry {
    /** Instrumented code takes so many times as long. */
    private static final int PATIENCE = 5;

    private static FuzzTarget target = new NamesFuzz();

    private JazzerEntry() {}

    public static void fuzzerInitialize(String[] arguments) {
        target = Targets.named(arguments[0]);
    }

    public static void fuzzerTestOneInput(byte[] input) {
        Judge.judge(target, input, PATIENCE);
    }
}
