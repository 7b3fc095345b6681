// SPDX-License-Identifier: Apache-2.0
package dev.puna.scheduling.state;

import static java.util.Objects.requireNonNull;

import dev.puna.caller.Caller;
import dev.puna.caller.Work;

/**
 * A lease that is not closed yet.
 *
 * @param request the number of the request that has it
 * @param slot the number of the slot whose model it is
 * @param work what for
 * @param caller for whom
 */
public record OpenLease(long request, long slot, Work work, Caller caller) {
    /** Refuses null. */
    public OpenLease {
        requireNonNull(work, "work is null");
        requireNonNull(caller, "caller is null");
    }
}
