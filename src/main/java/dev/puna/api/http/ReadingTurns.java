// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.http;

import java.util.ArrayDeque;
import java.util.Deque;

/** Who may read a body on a worker thread: so many at a time, in the order of arrival. <b>Threads:</b> any. */
final class ReadingTurns {
    /** A quarter or less of the workers that there are. */
    static final int MOST = 48;

    private final Deque<Turn> waiting = new ArrayDeque<>();
    private int reading;

    /** A turn that has not begun; its task is run when it comes. */
    Turn take(Runnable task) {
        return new Turn(task);
    }

    /** That of one request. */
    final class Turn {
        private final Runnable task;
        private boolean begun;
        private boolean ended;

        private Turn(Runnable task) {
            this.task = task;
        }

        /** Runs the task now or when others have ended. */
        void begin() {
            synchronized (ReadingTurns.this) {
                if (ended) {
                    return;
                }
                if (reading == MOST) {
                    waiting.add(this);
                    return;
                }
                reading++;
                begun = true;
            }
            task.run();
        }

        /** Gives the turn to the next; again, or before it has come, it is given up. */
        void end() {
            Turn next = null;
            synchronized (ReadingTurns.this) {
                if (ended) {
                    return;
                }
                ended = true;
                if (!begun) {
                    waiting.remove(this);
                    return;
                }
                next = waiting.poll();
                if (next == null) {
                    reading--;
                    return;
                }
                next.begun = true;
            }
            next.task.run();
        }
    }
}
