// SPDX-License-Identifier: Apache-2.0
package dev.puna.scheduling.state;

import dev.puna.scheduling.state.SlotState.Draining;
import dev.puna.scheduling.state.SlotState.Pending;
import dev.puna.scheduling.state.SlotState.Reason;
import java.util.Optional;

/** Which models give leases to whom, in one state. */
final class Openings {
    private final SchedulerState state;
    private final long pendingSince;
    private final Optional<QueuedRequest> first;

    Openings(SchedulerState state) {
        this.state = state;
        this.pendingSince =
                state
                        .pending()
                        .map(slot -> slot.state() instanceof Pending pending ? pending.requests() : null)
                        .stream()
                        .flatMap(requests -> requests.stream())
                        .mapToLong(QueuedRequest::id)
                        .min()
                        .orElse(Long.MIN_VALUE);
        this.first = state.queue().stream()
                .filter(request -> state.slots().stream().noneMatch(slot -> lends(slot, request)))
                .findFirst();
    }

    /** The first in the queue for whom a model has to be loaded: the others wait for their turn with one. */
    Optional<QueuedRequest> firstForLoad() {
        return first.flatMap(_ -> state.queue().stream()
                .filter(request -> forRequest(request).isEmpty())
                .findFirst());
    }

    /** A slot that serves the request and does not have to make way for somebody who came before. */
    Optional<ModelSlot> forRequest(QueuedRequest request) {
        for (var slot : state.slots()) {
            if (lends(slot, request) && !isWantedAnew(slot, request)) {
                return Optional.of(slot);
            }
        }
        return Optional.empty();
    }

    /** A model that has to go for another still serves those who came before the one who wants that other. */
    private boolean lends(ModelSlot slot, QueuedRequest request) {
        return slot.fits(request)
                && (slot.givesLeases()
                        || (slot.state() instanceof Draining(var _, var _, var reason)
                                && reason == Reason.EVICTED
                                && request.id() < pendingSince));
    }

    /** Whether somebody who came before the request, and for whom the next load is, wants the same model in another way. */
    private boolean isWantedAnew(ModelSlot slot, QueuedRequest request) {
        return first.isPresent()
                && first.get().id() < request.id()
                && first.get().key().equals(slot.key())
                && !slot.fits(first.get());
    }
}
