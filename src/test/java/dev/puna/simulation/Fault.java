// SPDX-License-Identifier: Apache-2.0
package dev.puna.simulation;

/** What a process does at some moment instead of what it should. */
enum Fault {
    /** It is ended by a signal. */
    DIES,
    /** It stands still, and does not even notice that its connection is closed. */
    FALLS_SILENT,
    /** It closes its connection and goes on. */
    HANGS_UP,
    /** The call at hand is refused with any failure there is. */
    REFUSES,
    /** It answers pings, but the call at hand never. */
    NEVER_ANSWERS,
    /** It answers pings, but a step that it computes never ends. */
    HANGS,
    /** Bytes that mean nothing. */
    GARBAGE,
    /** The beginning of a message, then the end of the connection. */
    CUTS_OFF,
    /** The beginning of a message, then nothing. */
    STOPS_WITHIN,
    /** A length that no message may have. */
    TOO_LONG,
    /** Answers to calls that there are not. */
    UNKNOWN_CALL,
    /** An answer of another kind than the call wants. */
    WRONG_KIND,
    /** Events beyond those that were asked for. */
    FLOODS,
    /** More events, and the end once more, after the end. */
    GOES_ON_AFTER_END,
    /** The end of a generation without a last event. */
    ENDS_EARLY,
    /** The last event of a generation twice. */
    FINISHES_TWICE,
    /** Another greeting, of another version. */
    ODD_HELLO,
    /** Numbers that make no sense. */
    ODD_NUMBERS;

    /** Whether what arrives may be something else than what was meant. */
    boolean lies() {
        return compareTo(GARBAGE) >= 0;
    }
}
