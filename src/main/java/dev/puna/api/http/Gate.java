// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.http;

import java.util.List;

/** What a request has to pass before it reaches its resource. <b>Threads:</b> event loops. */
@FunctionalInterface
interface Gate {

    /**
     * Lets a request on, now or later, or answers it.
     *
     * @param on called once to let the request on, on its event loop; not at all if it has been answered
     */
    void enter(EdgeRequest request, Runnable on);

    /** Several gates, passed in their order. */
    static Gate inOrder(List<Gate> gates) {
        return (request, on) -> {
            if (gates.isEmpty()) {
                on.run();
            } else {
                gates.getFirst().enter(request, () -> inOrder(gates.subList(1, gates.size()))
                        .enter(request, on));
            }
        };
    }
}
