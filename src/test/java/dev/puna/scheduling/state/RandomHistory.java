// SPDX-License-Identifier: Apache-2.0
package dev.puna.scheduling.state;

import dev.puna.caller.Caller;
import dev.puna.caller.Work;
import dev.puna.engine.EngineMemory;
import dev.puna.failure.Cancelled;
import dev.puna.failure.Failure;
import dev.puna.failure.InsufficientMemory;
import dev.puna.failure.ModelRefused;
import dev.puna.failure.NativeFailure;
import dev.puna.failure.StoreFailure;
import dev.puna.model.KeepAlive;
import dev.puna.model.ModelName;
import dev.puna.model.RunnerOptions;
import dev.puna.scheduling.plan.ModelWeights;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;

/** What users, loads and time may do to a scheduler, in any order that a random number generator comes up with. */
final class RandomHistory {
    private static final List<String> NAMES = List.of("a", "b", "c", "d", "e");
    private static final List<ModelWeights> WEIGHTS = Stream.of(20L, 200L, 300L, 450L, 1500L)
            .map(mib -> Requests.weights(mib * Requests.MIB))
            .toList();
    private static final List<RunnerOptions> OPTIONS = List.of(
            RunnerOptions.DEFAULT,
            RunnerOptions.DEFAULT,
            RunnerOptions.DEFAULT.withContext(512),
            RunnerOptions.DEFAULT.withContext(100_000));
    private static final List<Optional<KeepAlive>> KEEP_ALIVES = List.of(
            Optional.empty(),
            Optional.of(KeepAlive.ofSeconds(0)),
            Optional.of(KeepAlive.ofSeconds(2)),
            Optional.of(KeepAlive.ofSeconds(3600)),
            Optional.of(KeepAlive.FOREVER));

    final SimulatedWorld world;
    private final Random random;
    private long nextRequest;

    RandomHistory(Random random, SimulatedWorld world) {
        this.random = random;
        this.world = world;
    }

    /** One thing happens. */
    void go() {
        switch (random.nextInt(20)) {
            case 0, 1, 2, 3, 4, 5 -> ask();
            case 6 -> leave();
            case 7, 8, 9 -> closeLease();
            case 10, 11, 12 -> measured();
            case 13, 14 -> loadEnds();
            case 15 ->
                any(world.memory.loads.keySet()).map(world.memory::load).ifPresent(load -> {
                    load.fraction = random.nextDouble();
                    load.movedAt = world.now;
                });
            case 16, 17 -> any(world.memory.unloading).ifPresent(world::closed);
            case 18 -> rareThing();
            default -> pass(nextPause());
        }
    }

    private void ask() {
        var request = Requests.request(
                nextRequest++,
                one(NAMES),
                one(OPTIONS),
                random.nextBoolean() ? Optional.empty() : one(KEEP_ALIVES),
                random.nextInt(4) == 0 ? one(List.of(Work.values())) : Work.GENERATION,
                new Caller(random.nextInt(3), random.nextInt(2), random.nextInt(2)));
        world.post(new SchedulerEvent.Requested(request));
    }

    private void leave() {
        var who = random.nextInt(8) == 0 ? Optional.of(nextRequest + 7) : any(world.waiting.keySet());
        who.ifPresent(request -> world.post(new SchedulerEvent.RequestCancelled(request)));
    }

    private void closeLease() {
        any(world.leases.keySet())
                .ifPresent(request -> world.post(new SchedulerEvent.LeaseClosed(
                        world.leases.remove(request).slot(), request)));
    }

    private void rareThing() {
        switch (random.nextInt(4)) {
            case 0 -> world.post(new SchedulerEvent.Expired(ModelName.parse(one(NAMES))));
            case 1 ->
                any(world.memory.engines.keySet())
                        .ifPresent(slot -> world.post(new SchedulerEvent.Retired(slot, "broken")));
            case 2 ->
                any(world.memory.engines.keySet())
                        .ifPresent(slot -> world.post(
                                new SchedulerEvent.ComputingExhausted(slot, new InsufficientMemory("out of memory"))));
            default -> world.post(new SchedulerEvent.Progressed(-1, 0.5));
        }
    }

    private void measured() {
        any(world.memory.measuring.keySet()).ifPresent(slot -> {
            if (random.nextInt(20) == 0) {
                world.memory.measuring.remove(slot);
                world.post(new SchedulerEvent.LoadFailed(slot, new StoreFailure("the file is damaged")));
            } else {
                measured(slot);
            }
        });
    }

    private void measured(long slot) {
        var weights = world.state
                .slot(slot)
                .map(known -> WEIGHTS.get(NAMES.indexOf(known.model().name().model())))
                .orElse(WEIGHTS.getFirst());
        world.post(new SchedulerEvent.Measured(slot, weights, world.memory.measuring.remove(slot)));
    }

    /** As it should, with another size than was planned or told, with a failure, or not at all. */
    private void loadEnds() {
        any(world.memory.loads.keySet()).ifPresent(slot -> {
            var load = world.memory.load(slot);
            switch (random.nextInt(10)) {
                case 0 ->
                    fails(slot, random.nextBoolean() ? new NativeFailure("bad tensor") : new ModelRefused("not again"));
                case 1 -> exhausts(slot);
                case 2 -> grows(slot, load.bytes + random.nextLong(400 * Requests.MIB), load.bytes);
                case 3 -> grows(slot, load.bytes / 2, load.bytes * 3);
                case 4 -> {}
                default -> {
                    if (load.cancelled && random.nextInt(4) > 0) {
                        fails(slot, new Cancelled("load cancelled"));
                    } else {
                        grows(slot, load.bytes, load.bytes);
                    }
                }
            }
        });
    }

    private void fails(long slot, Failure failure) {
        world.endLoad(slot, new SchedulerEvent.LoadFailed(slot, failure));
    }

    private void exhausts(long slot) {
        world.endLoad(slot, new SchedulerEvent.MemoryExhausted(slot, new InsufficientMemory("failed to allocate")));
    }

    /** The load needs that much in truth, and says something else; an allocator gives no more than there is. */
    private void grows(long slot, long real, long told) {
        var planned = world.memory.load(slot).bytes;
        if (real - planned > world.memory.free()) {
            exhausts(slot);
        } else {
            world.arrive(slot, memory(real, real), memory(real, told));
        }
    }

    /** A third of it are weights, in mapped pages. */
    private static EngineMemory memory(long real, long told) {
        return new EngineMemory(real / 3, Math.max(0, told - real / 3), 0, 0);
    }

    /** Lets time pass; the scheduler is woken when it asked for it. */
    private void pass(long nanos) {
        var end = world.now + nanos;
        while (world.wakeAt <= end) {
            world.now = Math.max(world.now, world.wakeAt);
            world.post(new SchedulerEvent.Woken());
        }
        world.now = end;
    }

    private long nextPause() {
        return switch (random.nextInt(4)) {
            case 0 -> random.nextInt(1000);
            case 1 -> random.nextLong(1_000_000_000L);
            case 2 -> random.nextLong(20_000_000_000L);
            default -> random.nextLong(600_000_000_000L);
        };
    }

    /** Nobody comes any more, and all that is under way ends; then nobody waits. */
    void comeToRest() {
        for (var round = 0; busy(); round++) {
            world.require(round < 1000, "the scheduler does not come to rest");
            List.copyOf(world.memory.measuring.keySet()).forEach(this::measured);
            List.copyOf(world.memory.loads.keySet()).forEach(slot -> grows(slot, world.memory.load(slot).bytes, 0));
            List.copyOf(world.memory.unloading).forEach(world::closed);
            closeLease();
        }
        world.require(world.waiting.isEmpty(), "somebody waits for ever");
    }

    /** Nobody wants any model any more. */
    void emptyMemory() {
        NAMES.forEach(name -> world.post(new SchedulerEvent.Expired(ModelName.parse(name))));
        comeToRest();
        world.require(world.state.isEmpty() && world.memory.engines.isEmpty(), "a model stays that nobody wants");
    }

    private boolean busy() {
        return Stream.of(
                        world.memory.measuring.keySet(),
                        world.memory.loads.keySet(),
                        world.memory.unloading,
                        world.leases.keySet())
                .anyMatch(some -> !some.isEmpty());
    }

    /** The server stops, with or without users who outlast their grace; then nothing is left. */
    void stop() {
        world.post(new SchedulerEvent.StopRequested());
        for (var i = random.nextInt(20); i > 0; i--) {
            go();
        }
        if (random.nextBoolean()) {
            world.graceEnded = true;
            world.post(new SchedulerEvent.GraceEnded());
            List.copyOf(world.memory.unloading).forEach(world::closed);
        }
        comeToRest();
        world.require(world.state.isEmpty() && world.memory.engines.isEmpty(), "something outlives the server");
        world.require(world.allSlotsEnded(), "a slot has no end");
    }

    private <T> T one(List<T> some) {
        return some.get(random.nextInt(some.size()));
    }

    private <T> Optional<T> any(Collection<T> some) {
        return some.isEmpty()
                ? Optional.empty()
                : some.stream().skip(random.nextInt(some.size())).findFirst();
    }
}
