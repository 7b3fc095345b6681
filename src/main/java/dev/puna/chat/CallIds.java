// SPDX-License-Identifier: Apache-2.0
package dev.puna.chat;

import java.util.concurrent.ThreadLocalRandom;

/** Ids of calls whose model gave none, by which clients give back results. Any thread. */
public final class CallIds {
    private static final String LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789";
    private static final int LENGTH = 8;

    private CallIds() {}

    /** The id of a call: its own, or a new one. */
    public static String of(ToolCall call) {
        return call.id().isEmpty() ? fresh() : call.id();
    }

    private static String fresh() {
        var random = ThreadLocalRandom.current();
        var id = new StringBuilder("call_");
        for (var i = 0; i < LENGTH; i++) {
            id.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
        }
        return id.toString();
    }
}
