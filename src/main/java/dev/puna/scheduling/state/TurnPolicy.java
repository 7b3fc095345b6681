// SPDX-License-Identifier: Apache-2.0
package dev.puna.scheduling.state;

import dev.puna.caller.Work;
import dev.puna.scheduling.state.SlotState.InMemory;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Decides how many work with a model at a time, who is next where more want to, and who is refused when too many wait. Pure.
 *
 * <p>Next is who has least: the address with the fewest leases of that model for that work, there the key with the fewest, there
 * the connection with the fewest; among equals who has waited longest. So one caller's requests keep their order, and whoever has
 * none is before all who came later and before all who have some: nobody starves as long as leases end. When too many wait, the one
 * who came last of those of whom most wait is refused.
 */
final class TurnPolicy {
    /** Generations beyond a model's sequences, whose prompts are prepared while those run: an engine never waits for a prompt. */
    private static final int PREPARED = 1;

    /** Enough for full batches of short texts. */
    private static final int EMBEDDINGS = 16;

    /** Enough for the processors of most machines; takes milliseconds. */
    private static final int TOKENS = 8;

    private TurnPolicy() {}

    /** The most leases of a model for some work at a time. */
    static int most(LoadedEngine engine, Work work) {
        return switch (work) {
            case GENERATION -> engine.plan().spec().sequences() + PREPARED;
            case EMBEDDING -> EMBEDDINGS;
            case TOKENS -> TOKENS;
            case PRESENCE -> Integer.MAX_VALUE;
        };
    }

    /** Whether a model takes one more of such work. */
    static boolean hasRoom(SchedulerState state, ModelSlot slot, Work work) {
        return slot.loaded().isPresent()
                && count(state, slot, work) < most(slot.loaded().get(), work);
    }

    private static int count(SchedulerState state, ModelSlot slot, Work work) {
        var count = 0;
        for (var lease : state.leases()) {
            count += lease.slot() == slot.id() && lease.work() == work ? 1 : 0;
        }
        return count;
    }

    /** Somebody who is to have a lease of a slot. */
    record Turn(QueuedRequest request, ModelSlot slot) {}

    /** Who in the queue is to have the next lease, if somebody can. */
    static Optional<Turn> next(SchedulerState state) {
        var open = open(state);
        if (open.isEmpty()) {
            return Optional.empty();
        }
        var slots = new Openings(state);
        var places = new HashMap<Long, Places>();
        var best = Optional.<Turn>empty();
        var least = Optional.<CallerCounts>empty();
        for (var request : state.queue()) {
            var slot = open.contains(request.work())
                    ? slots.forRequest(request).filter(found -> found.state() instanceof InMemory)
                    : Optional.<ModelSlot>empty();
            if (slot.isEmpty()) {
                continue;
            }
            var place = places.computeIfAbsent(slot.get().id(), _ -> new Places(state, slot.get()));
            if (!place.hasRoom(request.work())) {
                continue;
            }
            // Another model's or work's turns are nobody's loss: whoever is found first for one decides which is looked
            // at.
            var counts = place.counts(request.work());
            if (least.isEmpty()) {
                least = Optional.of(counts);
                best = Optional.of(new Turn(request, slot.get()));
            } else if (least.get() == counts
                    && counts.compare(request.caller(), best.get().request().caller()) < 0) {
                best = Optional.of(new Turn(request, slot.get()));
            }
        }
        return best;
    }

    /** What somebody waits for and some model has room for: of a long queue nobody else is looked at. */
    private static Set<Work> open(SchedulerState state) {
        var open = EnumSet.noneOf(Work.class);
        state.queue().forEach(request -> open.add(request.work()));
        open.removeIf(work -> state.slots().stream().noneMatch(slot -> hasRoom(state, slot, work)));
        return open;
    }

    /** Who of those who waited for a load is to have the next lease of its model, if there is room for one. */
    static Optional<QueuedRequest> next(SchedulerState state, ModelSlot slot, List<QueuedRequest> waiting) {
        var places = new Places(state, slot);
        var best = Optional.<QueuedRequest>empty();
        for (var request : waiting) {
            if (!places.hasRoom(request.work())) {
                continue;
            }
            var counts = places.counts(request.work());
            if (best.isEmpty()
                    || (best.get().work() == request.work()
                            && counts.compare(request.caller(), best.get().caller()) < 0)) {
                best = Optional.of(request);
            }
        }
        return best;
    }

    /** Who is refused when the queue, with a newcomer at its end, is too long: empty for the newcomer. */
    static Optional<QueuedRequest> refused(SchedulerState state, QueuedRequest newcomer) {
        var counts = new CallerCounts();
        counts.add(newcomer.caller());
        state.queue().forEach(request -> counts.add(request.caller()));
        var most = newcomer;
        for (var request : state.queue().reversed()) {
            if (counts.compare(request.caller(), most.caller()) > 0) {
                most = request;
            }
        }
        return Optional.of(most).filter(request -> request.id() != newcomer.id());
    }

    /** What is open of one slot. */
    private static final class Places {
        private final SchedulerState state;
        private final ModelSlot slot;
        private final Map<Work, CallerCounts> counts = new EnumMap<>(Work.class);
        private final Map<Work, Boolean> room = new EnumMap<>(Work.class);

        Places(SchedulerState state, ModelSlot slot) {
            this.state = state;
            this.slot = slot;
        }

        boolean hasRoom(Work work) {
            return room.computeIfAbsent(work, _ -> TurnPolicy.hasRoom(state, slot, work));
        }

        CallerCounts counts(Work work) {
            return counts.computeIfAbsent(work, _ -> {
                var some = new CallerCounts();
                state.leases().stream()
                        .filter(lease -> lease.slot() == slot.id() && lease.work() == work)
                        .forEach(lease -> some.add(lease.caller()));
                return some;
            });
        }
    }
}
