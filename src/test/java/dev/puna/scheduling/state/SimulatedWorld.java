// SPDX-License-Identifier: Apache-2.0
package dev.puna.scheduling.state;

import static java.util.Objects.requireNonNull;

import dev.puna.engine.EngineMemory;
import dev.puna.failure.InsufficientMemory;
import dev.puna.failure.QueueFull;
import dev.puna.model.KeepAlive;
import dev.puna.model.ModelName;
import dev.puna.scheduling.plan.LoadPlanner;
import dev.puna.scheduling.plan.ModelWeights;
import dev.puna.scheduling.state.SimulatedMemory.SimulatedLoad;
import dev.puna.scheduling.state.SlotState.Draining;
import dev.puna.scheduling.state.SlotState.Idle;
import dev.puna.scheduling.state.SlotState.InLoader;
import dev.puna.scheduling.state.SlotState.InMemory;
import dev.puna.scheduling.state.SlotState.MakingRoom;
import dev.puna.scheduling.state.SlotState.Pending;
import dev.puna.scheduling.state.SlotState.Reason;
import dev.puna.settings.Settings;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Users, a loader, memory and a clock around the pure step. It does what the effects say and keeps books of its own, against
 * which every step is checked.
 */
final class SimulatedWorld {
    static final int MODELS = 3;
    static final int QUEUE = 8;
    static final long LOAD_TIMEOUT = 60_000_000_000L;
    static final KeepAlive USUAL = KeepAlive.ofSeconds(300);

    private static final Settings SETTINGS = Requests.settings(
            "OLLAMA_MAX_LOADED_MODELS", "" + MODELS, "OLLAMA_LOAD_TIMEOUT", "60s", "OLLAMA_MAX_QUEUE", "" + QUEUE);

    private final SchedulerStateMachine machine = new SchedulerStateMachine(SETTINGS);
    private final LoadPlanner planner = new LoadPlanner(SETTINGS);
    private final ArrayDeque<SchedulerEvent> answers = new ArrayDeque<>();
    private final ArrayDeque<SchedulerEvent> latest = new ArrayDeque<>();

    final Map<Long, QueuedRequest> waiting = new LinkedHashMap<>();
    final Map<Long, OpenLease> leases = new LinkedHashMap<>();
    final SimulatedMemory memory = new SimulatedMemory();
    private final Map<Long, SlotBook> books = new LinkedHashMap<>();

    /** Kinds of effects and states, reasons and measurements that there were, in this world and those before. */
    private final Set<Object> reached;

    /** What it comes to where more want something than can have it. */
    enum Contention {
        FOR_A_TURN,
        NEWCOMER_REFUSED,
        GREEDY_REFUSED
    }

    SchedulerState state = SchedulerState.EMPTY;
    long now;
    long wakeAt = SchedulerState.NEVER;
    boolean graceEnded;
    private SchedulerState before = SchedulerState.EMPTY;
    long events;

    SimulatedWorld(Set<Object> reached) {
        this.reached = reached;
    }

    /** Takes a step, does what follows, and checks everything. */
    void post(SchedulerEvent event) {
        answers.add(event);
        while (!answers.isEmpty()) {
            step(answers.remove());
        }
    }

    private void step(SchedulerEvent event) {
        events++;
        latest.add(event);
        if (latest.size() > 25) {
            latest.remove();
        }
        switch (event) {
            case SchedulerEvent.Requested(var request) -> waiting.put(request.id(), request);
            case SchedulerEvent.RequestCancelled(var request) -> waiting.remove(request);
            case SchedulerEvent.Expired(var name) -> books.values().forEach(book -> book.expire(name, now));
            case SchedulerEvent.LeaseClosed(var slot, var _) -> book(slot).used(now);
            case SchedulerEvent.Loaded(var slot, var _, var _) -> book(slot).used(now);
            case SchedulerEvent.MemoryExhausted(var slot, var _) -> book(slot).exhausted = true;
            default -> {}
        }
        before = state;
        var outcome = machine.step(state, now, event);
        state = outcome.state();
        wakeAt = outcome.wakeAt();
        outcome.effects().forEach(this::carryOut);
        check();
    }

    private void carryOut(Effect effect) {
        reached.add(effect.getClass());
        switch (effect) {
            case Effect.Measure(var slot, var model) -> {
                if (!books.containsKey(slot)) {
                    begin(slot, model.name());
                }
                book(slot).freedUnseen = false;
                require(memory.measure(slot), "measured twice");
            }
            case Effect.Load(var slot, var _) -> beginLoad(slot);
            case Effect.CancelLoad(var slot) -> memory.load(slot).cancelled = true;
            case Effect.AskProgress(var slot) ->
                answers.add(new SchedulerEvent.Progressed(slot, memory.load(slot).fraction));
            case Effect.Unload(var slot) -> {
                require(memory.isReady(slot), "unloads what is not there");
                require(graceEnded || !isLent(slot), "an engine was closed under a lease");
                memory.unloading.add(slot);
            }
            case Effect.Discard(var slot) -> {
                require(memory.engines.remove(slot) != null && !isLent(slot), "discards what is not there");
                memory.measuring.keySet().forEach(other -> book(other).freedUnseen = true);
                end(slot);
            }
            case Effect.Forget(var slot) -> {
                require(memory.isGone(slot), "forgets what is there");
                book(slot).ended = true;
            }
            case Effect.Grant(var id, var slot) -> {
                var request = waiting.remove(id);
                require(request != null, "a request ended twice");
                require(memory.isReady(slot), "a lease of nothing");
                require(!isOvertaken(request), "somebody got a model that one before them waits for");
                if (TurnChecks.requireFair(this, request, slot)) {
                    reached.add(Contention.FOR_A_TURN);
                }
                book(slot).lent(request);
                leases.put(id, new OpenLease(id, slot, request.work(), request.caller()));
            }
            case Effect.Refuse(var id, var failure) -> {
                var request = waiting.remove(id);
                require(request != null, "a request ended twice");
                if (failure instanceof QueueFull
                        && latest.getLast() instanceof SchedulerEvent.Requested(var newcomer)) {
                    reached.add(newcomer.id() == id ? Contention.NEWCOMER_REFUSED : Contention.GREEDY_REFUSED);
                }
                if (failure instanceof InsufficientMemory
                        && latest.getLast() instanceof SchedulerEvent.Measured(var slot, var weights, var _)) {
                    require(
                            book(slot).exhausted || book(slot).freedUnseen || !hasRoom(request, weights),
                            "refused though there is room");
                }
            }
            case Effect.TrimMemory() -> require(memory.engines.isEmpty(), "trims what is in use");
            case Notice _ -> {}
        }
    }

    private void begin(long slot, ModelName name) {
        var pending = (Pending) state.slot(slot).orElseThrow().state();
        var first = pending.requests().getFirst();
        require(
                state.queue().stream()
                        .allMatch(queued -> queued.id() > first.id() || TurnChecks.waitsForItsTurn(state, queued)),
                "a load was begun for one who was not the first");
        books.put(slot, new SlotBook(name, first.keepAlive().orElse(USUAL)));
    }

    /** Whether the first who needs a load, before and after this step, wants the same model in another way; loads end first. */
    private boolean isOvertaken(QueuedRequest request) {
        var first = TurnChecks.firstForLoad(before);
        return !(latest.getLast() instanceof SchedulerEvent.Loaded)
                && first.isPresent()
                && first.equals(TurnChecks.firstForLoad(state))
                && first.get().key().equals(request.key())
                && first.get().id() < request.id();
    }

    private boolean isLent(long slot) {
        return leases.values().stream().anyMatch(lease -> lease.slot() == slot);
    }

    private void beginLoad(long slot) {
        var planned = state.slot(slot).orElseThrow().bytes();
        if (!book(slot).exhausted) {
            require(planned <= memory.free(), "a load was begun for which there is no room");
        }
        memory.loads.put(slot, new SimulatedLoad(planned, now));
    }

    private boolean hasRoom(QueuedRequest request, ModelWeights weights) {
        return planner.plan("m", weights, request.options(), memory.truth()).fits();
    }

    /** A load ended without an engine, perhaps one that the scheduler no longer knew of. */
    void endLoad(long slot, SchedulerEvent how) {
        memory.loads.remove(slot);
        memory.measuring.keySet().forEach(other -> book(other).freedUnseen = true);
        post(how);
    }

    /** A load ended with an engine. */
    void arrive(long slot, EngineMemory real, EngineMemory told) {
        memory.loads.remove(slot);
        memory.engines.put(slot, real);
        post(new SchedulerEvent.Loaded(slot, told, 4096));
    }

    void closed(long slot) {
        memory.unloading.remove(slot);
        memory.engines.remove(slot);
        end(slot);
        post(new SchedulerEvent.Unloaded(slot));
    }

    private void end(long slot) {
        require(!book(slot).ended, "a slot ended twice");
        book(slot).ended = true;
    }

    private SlotBook book(long slot) {
        return requireNonNull(books.get(slot));
    }

    boolean allSlotsEnded() {
        return books.values().stream().allMatch(book -> book.ended);
    }

    private void check() {
        require(state.waiting() == waiting.size(), "a request was lost");
        require(Set.copyOf(state.leases()).equals(Set.copyOf(leases.values())), "a lease was lost");
        TurnChecks.requireWork(this);
        require(waiting.size() <= QUEUE + 1, "more wait than may");
        require(!state.stopping() || waiting.isEmpty(), "somebody waits for a server that stops");
        require(memory.free() >= 0, "more bytes than there are");
        var pending = 0;
        var inMemory = 0;
        for (var slot : state.slots()) {
            reached.add(slot.state().getClass());
            switch (slot.state()) {
                case Idle idle -> checkIdle(slot.id(), idle);
                case InLoader load -> checkLoad(slot.id(), load);
                case Draining draining -> checkDraining(draining);
                case MakingRoom making -> reached.add(making.measurement());
                default -> {}
            }
            pending += slot.state() instanceof Pending ? 1 : 0;
            inMemory += slot.state() instanceof InMemory || slot.state() instanceof InLoader ? 1 : 0;
            if (slot.state().leases() > 0) {
                var id = slot.id();
                require(
                        leases.values().stream()
                                        .filter(lease -> lease.slot() == id)
                                        .count()
                                == slot.state().leases(),
                        "a lease is counted for another slot");
            }
        }
        require(pending <= 1, "two loads at once");
        require(inMemory <= MODELS, "too many models");
    }

    private void checkIdle(long slot, Idle idle) {
        require(book(slot).mayBeIdle(now), "an idle model outlives its keep-alive");
        require(wakeAt <= idle.expiresAt(), "nobody will look when an idle model expires");
        require(!state.stopping(), "an idle model stays in a server that stops");
    }

    private void checkDraining(Draining draining) {
        reached.add(draining.reason());
        require(
                draining.reason() != Reason.EVICTED
                        || state.pending()
                                .filter(slot -> slot.state() instanceof MakingRoom)
                                .isPresent(),
                "a model makes room for nobody");
    }

    private void checkLoad(long slot, InLoader load) {
        require(now - memory.load(slot).movedAt <= LOAD_TIMEOUT * 5 / 4, "a load stands still for ever");
        require(wakeAt <= load.watch().checkAt(), "nobody will look whether a load moves");
    }

    void require(boolean condition, String broken) {
        if (!condition) {
            throw new AssertionError("%s, at event %d; the last events were %s; the slots are %s"
                    .formatted(
                            broken,
                            events,
                            latest.stream().map(SimulatedWorld::text).toList(),
                            state.slots().stream().map(SimulatedWorld::text).toList()));
        }
    }

    private static String text(SchedulerEvent event) {
        return switch (event) {
            case SchedulerEvent.Requested(var request) ->
                "Requested[request=%d, key=%s, keepAlive=%s]"
                        .formatted(request.id(), request.key(), request.keepAlive());
            case SchedulerEvent.Measured(var slot, var _, var machine) ->
                "Measured[slot=%d, free=%d]".formatted(slot, machine.hostBytes());
            default -> event.toString();
        };
    }

    private static String text(ModelSlot slot) {
        return "%d %s is %s with %d leases"
                .formatted(
                        slot.id(),
                        slot.key(),
                        slot.state().getClass().getSimpleName(),
                        slot.state().leases());
    }
}
