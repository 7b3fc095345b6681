// SPDX-License-Identifier: Apache-2.0
package dev.puna.scheduling.state;

import dev.puna.caller.Caller;
import dev.puna.caller.Work;
import dev.puna.scheduling.state.SlotState.Idle;
import dev.puna.scheduling.state.SlotState.InMemory;
import dev.puna.scheduling.state.SlotState.InUse;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** What must hold of turns, counted anew from the leases that a {@link SimulatedWorld} knows to be open. */
final class TurnChecks {
    private TurnChecks() {}

    /** Whether some model that gives leases would do for a request. */
    static boolean waitsForItsTurn(SchedulerState state, QueuedRequest request) {
        return state.slots().stream()
                .anyMatch(slot -> slot.state() instanceof InMemory && slot.givesLeases() && slot.fits(request));
    }

    /** The first in the queue for whom no model is in memory, or on its way there. */
    static Optional<QueuedRequest> firstForLoad(SchedulerState state) {
        return state.queue().stream()
                .filter(request -> state.slots().stream().noneMatch(slot -> slot.givesLeases() && slot.fits(request)))
                .findFirst();
    }

    /**
     * Before a lease is counted: there is room for it; nobody else in the queue who could have had it has fewer, nor has waited
     * longer with as few; so no earlier request of the same caller waits.
     *
     * @return whether somebody else could have had it
     */
    static boolean requireFair(SimulatedWorld world, QueuedRequest request, long slot) {
        var model = world.state.slot(slot).orElseThrow();
        world.require(count(world, slot, request.work(), _ -> true) < most(model, request.work()), "too many leases");
        var contended = false;
        for (var other : world.waiting.values()) {
            if (other.work() == request.work() && waitsFor(world, other, model)) {
                var order = compare(world, slot, request, other);
                contended = true;
                world.require(order <= 0, "somebody has a turn who has more than one who waits");
                world.require(
                        order < 0 || request.id() < other.id(), "somebody who came later has the turn of an equal");
            }
        }
        return contended;
    }

    /** Nobody waits for a model that has room and is to go for nobody. */
    static void requireWork(SimulatedWorld world) {
        var first = firstForLoad(world.state);
        for (var request : world.state.queue()) {
            for (var slot : world.state.slots()) {
                var free = (slot.state() instanceof Idle || slot.state() instanceof InUse)
                        && slot.fits(request)
                        && count(world, slot.id(), request.work(), _ -> true) < most(slot, request.work());
                world.require(
                        !free
                                || first.filter(other -> other.id() < request.id())
                                        .isPresent(),
                        "somebody waits for a model that has room");
            }
        }
    }

    /** In the queue for that very model, and not behind somebody who wants it in another way. */
    private static boolean waitsFor(SimulatedWorld world, QueuedRequest request, ModelSlot model) {
        return world.state.queue().stream().anyMatch(queued -> queued.id() == request.id())
                && model.fits(request)
                && new Openings(world.state)
                        .forRequest(request)
                        .filter(slot -> slot.id() == model.id())
                        .isPresent();
    }

    private static int compare(SimulatedWorld world, long slot, QueuedRequest one, QueuedRequest other) {
        for (var same : List.<SameCaller>of(
                caller -> it -> it.address() == caller.address(),
                caller -> it -> it.address() == caller.address() && it.key() == caller.key(),
                caller -> it -> it.equals(caller))) {
            var order = count(world, slot, one.work(), same.as(one.caller()))
                    - count(world, slot, one.work(), same.as(other.caller()));
            if (order != 0) {
                return order;
            }
        }
        return 0;
    }

    private static int count(SimulatedWorld world, long slot, Work work, Predicate<Caller> whose) {
        return (int) world.leases.values().stream()
                .filter(lease -> lease.slot() == slot && lease.work() == work && whose.test(lease.caller()))
                .count();
    }

    private static int most(ModelSlot slot, Work work) {
        return switch (work) {
            case GENERATION -> slot.state().plan().orElseThrow().spec().sequences() + 1;
            case EMBEDDING -> 16;
            case TOKENS -> 8;
            case PRESENCE -> Integer.MAX_VALUE;
        };
    }

    private interface SameCaller {
        Predicate<Caller> as(Caller caller);
    }
}
