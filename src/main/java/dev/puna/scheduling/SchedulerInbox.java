// SPDX-License-Identifier: Apache-2.0
package dev.puna.scheduling;

import dev.puna.scheduling.state.SchedulerEvent;

/** Where events go. <b>Threads:</b> any. */
interface SchedulerInbox {

    /** Takes the step that follows from an event, and carries out its effects on this thread. */
    void post(SchedulerEvent event);

    /** Whether no new work is taken. */
    boolean stopping();
}
