// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.checkpoint;

/**
 * Places in the tokens of a sequence: where its system part ends, and where steps are to end, so that the cache holds just the tokens
 * before. A place is the number of tokens before it. <b>Threads:</b> one.
 */
public final class Landmarks {
    private boolean conversation;
    private int systemPart;

    /** 0 for nowhere. */
    private int file;

    /** In ascending order; 0 for nowhere any more. */
    private int[] checkpoints = {};

    /**
     * Records that a template has made the prompt.
     *
     * @param count how many of its tokens end with the system text and the tools; 0 if that is not known
     */
    public void ofConversation(int count) {
        conversation = true;
        systemPart = count;
    }

    /** Whether a template has made the prompt. */
    public boolean isConversation() {
        return conversation;
    }

    /** How many tokens from the start end with the system text and the tools; 0 if that is not known. */
    public int systemPart() {
        return systemPart;
    }

    /** Lets a step end where what the cache holds is to be kept on disk. */
    public void fileAt(int count) {
        file = count;
    }

    /** Lets steps end where checkpoints are to be taken. */
    public void checkpointsAt(int... counts) {
        checkpoints = counts.clone();
    }

    /** How many tokens may go into the next step of a sequence of which the cache holds so many. */
    public int until(int decoded) {
        var next = file > decoded ? file : Integer.MAX_VALUE;
        for (var place : checkpoints) {
            if (place > decoded) {
                next = Math.min(next, place);
            }
        }
        return next == Integer.MAX_VALUE ? next : next - decoded;
    }

    /** Whether so many tokens are to be kept on disk; only once. */
    public boolean reachedFile(int decoded) {
        var reached = file > 0 && file == decoded;
        if (reached) {
            file = 0;
        }
        return reached;
    }

    /** Whether a checkpoint is to be taken behind so many tokens; only once. */
    public boolean reachedCheckpoint(int decoded) {
        for (var i = 0; i < checkpoints.length; i++) {
            if (checkpoints[i] > 0 && checkpoints[i] == decoded) {
                checkpoints[i] = 0;
                return true;
            }
        }
        return false;
    }
}
