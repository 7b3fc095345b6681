// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.request;

import dev.puna.api.json.JsonObject;
import dev.puna.api.json.JsonValue;

/**
 * What is planned for the turns of a conversation as they are read: all for system texts and the newest turn, which a prompt always
 * holds, and of the older ones no more than a prompt made of them may need, since those that do not fit the context are left
 * out before they are rendered. <b>Threads:</b> one; for one conversation.
 */
public final class OlderTurns {
    /** Bytes for turns that are rendered together with the newest, in all copies: two million tokens of usual text. */
    private static final long MOST = 64L << 20;

    /** The record of a turn, and of a call, without texts: 80 and 100 bytes. */
    private static final int RECORD = 104;

    /** The nodes of the JSON that a template gets, and its text without those of the turn. */
    private static final int TURN_FOR_TEMPLATE = 900;

    /** The same of a call. */
    private static final int CALL_FOR_TEMPLATE = 1_500;

    private long older;
    private long newest;
    private long most = MOST;

    /** Takes room for a turn without its texts. */
    public static void takeTurn(JsonObject turn) {
        turn.take(RECORD, TURN_FOR_TEMPLATE);
    }

    /** The same for one that is not known to be an object. */
    public static void takeTurn(JsonValue turn) {
        turn.take(RECORD);
        turn.plan(TURN_FOR_TEMPLATE);
    }

    /** Takes room for a call without its texts. */
    public static void takeCall(JsonObject call) {
        call.take(RECORD, CALL_FOR_TEMPLATE);
    }

    /**
     * Takes note of a turn that has been read.
     *
     * @param planned bytes that were planned for it
     * @param stays whether it is never left out
     */
    public void add(JsonValue turn, long planned, boolean stays) {
        if (stays) {
            return;
        }
        // One that is too long by itself may be tried.
        most = Math.max(most, newest);
        older += newest;
        newest = planned;
        if (older > most) {
            turn.forgo(older - most);
            older = most;
        }
    }
}
