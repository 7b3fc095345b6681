// SPDX-License-Identifier: Apache-2.0
package dev.puna.scheduling;

import dev.puna.scheduling.ModelSlot.Phase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Who is in memory and who waits: the scheduler's state and the questions about it. Guarded by the scheduler's lock. */
final class SchedulerState {
    private final List<ModelSlot> residents = new ArrayList<>();
    private final Set<PendingRequest> queue = new LinkedHashSet<>();

    /** The one load under way. */
    private Optional<ModelSlot> loading = Optional.empty();

    /** What that load wants gone; it gives no more leases meanwhile. */
    private Optional<ModelSlot> victim = Optional.empty();

    private int openLeases;

    /** All models, in a copy that stays as it is. */
    List<ModelSlot> residents() {
        return List.copyOf(residents);
    }

    Stream<ModelSlot> ready() {
        return residents.stream().filter(model -> model.phase == Phase.READY);
    }

    /** The queue as it is now, in a copy that stays so. */
    List<PendingRequest> queue() {
        return List.copyOf(queue);
    }

    Optional<ModelSlot> loading() {
        return loading;
    }

    int openLeases() {
        return openLeases;
    }

    /** Nothing in memory and nobody at work. */
    boolean isEmpty() {
        return residents.isEmpty() && openLeases == 0;
    }

    /** Requests without a lease. */
    int waiting() {
        return queue.size() + loading.map(model -> model.waiters.size()).orElse(0);
    }

    /** Requests that wait in the queue proper: the one for whom a model is being loaded no longer does. */
    int queued() {
        return waiting() - (loading.isPresent() ? 1 : 0);
    }

    /** A model that serves the waiter and does not have to make way for somebody who came before. */
    Optional<ModelSlot> open(PendingRequest waiter) {
        var first = queue.stream().findFirst();
        return residents.stream()
                .filter(model -> model.serves(waiter) && !isVictim(model))
                .filter(model -> first.filter(head -> head.key().equals(model.key) && !model.serves(head))
                        .isEmpty())
                .findFirst();
    }

    boolean isVictim(ModelSlot model) {
        return victim.filter(unwanted -> unwanted == model).isPresent();
    }

    void wantGone(ModelSlot model) {
        victim = Optional.of(model);
    }

    void add(PendingRequest waiter) {
        queue.add(waiter);
    }

    void remove(PendingRequest waiter) {
        queue.remove(waiter);
    }

    List<PendingRequest> clearQueue() {
        var all = queue();
        queue.clear();
        return all;
    }

    void beginLoad(ModelSlot model) {
        residents.add(model);
        loading = Optional.of(model);
    }

    /** The load under way has its room. */
    void roomMade() {
        victim = Optional.empty();
    }

    /** The load under way has come to its end, a good one or a bad one. */
    void endLoad() {
        loading = Optional.empty();
        victim = Optional.empty();
    }

    void remove(ModelSlot model) {
        residents.remove(model);
    }

    boolean contains(ModelSlot model) {
        return residents.contains(model);
    }

    /** Counts a lease, and takes over what its request says. */
    void lend(ModelSlot model, LeaseRequest request) {
        openLeases++;
        model.leases++;
        model.dueAt = ModelSlot.NEVER;
        model.names.add(request.model().name());
        request.keepAlive().ifPresent(keepAlive -> model.keepAlive = keepAlive);
    }

    void giveBack(ModelSlot model, long now) {
        openLeases--;
        model.leases--;
        rest(model, now);
    }

    /** Sets when a model goes, if nobody uses it. */
    void rest(ModelSlot model, long now) {
        if (model.isIdle()) {
            var length = model.keepAlive.duration().map(Duration::toNanos).orElse(ModelSlot.NEVER);
            model.dueAt = length < ModelSlot.NEVER - Math.max(0, now) ? now + length : ModelSlot.NEVER;
        }
    }

    /** The next moment at which something has to be looked at, or {@link ModelSlot#NEVER}. */
    long nextDue() {
        return residents.stream().mapToLong(model -> model.dueAt).min().orElse(ModelSlot.NEVER);
    }
}
