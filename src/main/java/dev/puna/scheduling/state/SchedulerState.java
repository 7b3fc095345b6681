// SPDX-License-Identifier: Apache-2.0
package dev.puna.scheduling.state;

import dev.puna.scheduling.state.SlotState.Idle;
import dev.puna.scheduling.state.SlotState.InLoader;
import dev.puna.scheduling.state.SlotState.InMemory;
import dev.puna.scheduling.state.SlotState.Pending;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The whole state of the scheduler. Immutable, so that it can be read without a lock.
 *
 * @param slots models in memory, on their way there and on their way out, in the order in which they were begun
 * @param queue requests that wait for their turn with a model in memory, or for no load yet, in the order they came
 * @param leases those that are open, in the order they were given
 * @param exhaustions of models on GPUs, those that are not forgotten yet and maybe others, one a model
 * @param nextSlot number of the next slot
 * @param stopping whether the server stops: no new work is taken
 */
public record SchedulerState(
        List<ModelSlot> slots,
        List<QueuedRequest> queue,
        List<OpenLease> leases,
        List<Exhaustion> exhaustions,
        long nextSlot,
        boolean stopping) {
    /** A moment, in nanoseconds, that never comes. */
    public static final long NEVER = Long.MAX_VALUE;

    /** No slots and no requests. */
    public static final SchedulerState EMPTY = new SchedulerState(List.of(), List.of(), List.of(), List.of(), 0, false);

    /** Copies the lists. */
    public SchedulerState {
        slots = List.copyOf(slots);
        queue = List.copyOf(queue);
        leases = List.copyOf(leases);
        exhaustions = List.copyOf(exhaustions);
    }

    SchedulerState withSlots(List<ModelSlot> newSlots) {
        return new SchedulerState(newSlots, queue, leases, exhaustions, nextSlot, stopping);
    }

    SchedulerState withQueue(List<QueuedRequest> newQueue) {
        return new SchedulerState(slots, newQueue, leases, exhaustions, nextSlot, stopping);
    }

    /** The same with one more open lease. */
    SchedulerState with(OpenLease lease) {
        var more = Stream.concat(leases.stream(), Stream.of(lease)).toList();
        return new SchedulerState(slots, queue, more, exhaustions, nextSlot, stopping);
    }

    /** The same without the lease that a request had. */
    SchedulerState withoutLease(long request) {
        var fewer = leases.stream().filter(lease -> lease.request() != request).toList();
        return new SchedulerState(slots, queue, fewer, exhaustions, nextSlot, stopping);
    }

    /** The same with one more slot, whose number is {@link #nextSlot()}. */
    SchedulerState begin(ModelSlot slot) {
        return new SchedulerState(
                Stream.concat(slots.stream(), Stream.of(slot)).toList(),
                queue,
                leases,
                exhaustions,
                nextSlot + 1,
                stopping);
    }

    /** The same where a model has run out of memory; what was known of that model before, and what is over by now, is forgotten. */
    SchedulerState with(Exhaustion exhaustion, long now) {
        var others = exhaustions.stream()
                .filter(old -> !old.isOver(now) && !old.key().equals(exhaustion.key()));
        return new SchedulerState(
                slots,
                queue,
                leases,
                Stream.concat(others, Stream.of(exhaustion)).toList(),
                nextSlot,
                stopping);
    }

    /** What is known of a model that a request wants loaded, if that ran out of memory when it was last computed. */
    Optional<FailedLoad> exhausted(QueuedRequest request, long now) {
        return exhaustions.stream()
                .filter(exhaustion -> exhaustion.concerns(request, now))
                .map(Exhaustion::failed)
                .findFirst();
    }

    SchedulerState stop() {
        return new SchedulerState(slots, List.of(), leases, exhaustions, nextSlot, true);
    }

    Optional<ModelSlot> slot(long id) {
        for (var slot : slots) {
            if (slot.id() == id) {
                return Optional.of(slot);
            }
        }
        return Optional.empty();
    }

    /** The one slot on its way into memory. */
    Optional<ModelSlot> pending() {
        for (var slot : slots) {
            if (slot.state() instanceof Pending) {
                return Optional.of(slot);
            }
        }
        return Optional.empty();
    }

    private int awaiting() {
        return pending()
                .map(slot -> slot.state() instanceof Pending pending
                        ? pending.requests().size()
                        : 0)
                .orElse(0);
    }

    /** The number of requests without a lease. */
    public int waiting() {
        return queue.size() + awaiting();
    }

    /** Requests that wait in the queue proper: the one for whom a model is being loaded no longer does. */
    int queued() {
        return waiting() - (pending().isPresent() ? 1 : 0);
    }

    /** The number of loaded models. */
    public int loaded() {
        return (int)
                slots.stream().filter(slot -> slot.state() instanceof InMemory).count();
    }

    /** Whether there is no slot, and so no engine and no lease. */
    public boolean isEmpty() {
        return slots.isEmpty();
    }

    /** The next moment at which time alone changes something, or {@link #NEVER}. */
    long nextDue() {
        var due = NEVER;
        for (var slot : slots) {
            due = Math.min(
                    due,
                    switch (slot.state()) {
                        case Idle idle -> idle.expiresAt();
                        case InLoader load -> load.watch().checkAt();
                        default -> NEVER;
                    });
        }
        return due;
    }
}
