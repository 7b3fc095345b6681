// SPDX-License-Identifier: Apache-2.0
package dev.puna.scheduling.state;

import dev.puna.caller.Caller;
import java.util.HashMap;
import java.util.Map;

/** How much there is of each address, of each key at an address, and of each connection. Not thread-safe. */
final class CallerCounts {
    private final Map<Caller, Integer> counts = new HashMap<>();

    /** Less than 0 if the first has less: at the address, else with the key, else on the connection. */
    int compare(Caller first, Caller second) {
        var byAddress = Integer.compare(of(address(first)), of(address(second)));
        if (byAddress != 0) {
            return byAddress;
        }
        var byKey = Integer.compare(of(key(first)), of(key(second)));
        return byKey != 0 ? byKey : Integer.compare(of(first), of(second));
    }

    void add(Caller caller) {
        counts.merge(address(caller), 1, Integer::sum);
        counts.merge(key(caller), 1, Integer::sum);
        counts.merge(caller, 1, Integer::sum);
    }

    private int of(Caller caller) {
        return counts.getOrDefault(caller, 0);
    }

    /** Connections are numbered from 0, so that no whole caller looks like its key or its address. */
    private static Caller key(Caller caller) {
        return new Caller(caller.address(), caller.key(), -1);
    }

    private static Caller address(Caller caller) {
        return new Caller(caller.address(), 0, -2);
    }
}
