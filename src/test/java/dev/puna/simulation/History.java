// SPDX-License-Identifier: Apache-2.0
package dev.puna.simulation;

import dev.puna.caller.Caller;
import dev.puna.caller.Work;
import dev.puna.engine.remote.Runner;
import dev.puna.engine.remote.SimulatedRunners;
import dev.puna.model.KeepAlive;
import dev.puna.model.RunnerOptions;
import dev.puna.scheduling.LeaseRequest;
import dev.puna.scheduling.ModelScheduler;
import dev.puna.scheduling.Occupancy;
import dev.puna.scheduling.SimulatedScheduler;
import dev.puna.settings.Settings;
import dev.puna.simulation.SimulatedCaller.Pace;
import dev.puna.simulation.SimulatedCaller.Wish;
import dev.puna.store.InstalledModel;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What happens to one server from its start to its end, as a seed has it. */
final class History {
    private static final Duration LONGEST_REST = Duration.ofHours(6);
    private static final Settings SETTINGS = Settings.from(Map.of(
            "PUNA_THREADS", "1",
            "OLLAMA_MAX_LOADED_MODELS", "2",
            "OLLAMA_MAX_QUEUE", "6",
            "OLLAMA_NUM_PARALLEL", "2",
            "OLLAMA_LOAD_TIMEOUT", "60s",
            "PUNA_SHUTDOWN_GRACE", "0s"));

    private static final List<Wish> WISHES = List.of(Wish.values());
    private static final List<Pace> PACES = List.of(Pace.values());

    private final World world;
    private final List<InstalledModel> models;
    private final List<SimulatedCaller> callers = new ArrayList<>();
    private final ModelScheduler scheduler;
    private final int length;
    private final int faulty;
    private boolean honest;
    private long taken;
    private int threadsRefused;

    /**
     * @param models what can be asked for
     */
    History(long seed, List<InstalledModel> models) {
        world = new World(seed);
        this.models = List.copyOf(models);
        this.length = 20 + world.random.nextInt(150);
        this.faulty = world.random.nextInt(100);
        this.scheduler = SimulatedScheduler.of(
                SimulatedRunners.loader(_ -> begin(), world.timeline, this::refusesThread),
                SETTINGS,
                world.timeline,
                this::free,
                this::refusesThread);
    }

    /**
     * Lives one, for a caller of another class loader.
     *
     * @return what was wrong, what happened, and how often threads went on
     */
    static List<Object> live(Long seed, List<InstalledModel> models) {
        var history = new History(seed, models);
        history.live();
        return List.of(history.violations(), history.notes(), history.turns());
    }

    /** Lives it. */
    private void live() {
        try {
            for (var i = 0; i < length; i++) {
                act();
                world.timeline.run(world.random.nextInt(60));
            }
            comeToRest();
        } catch (AssertionError | RuntimeException broken) {
            world.violation(broken.toString());
        }
        world.timeline.uncaught().forEach(thrown -> world.violation("a thread ended with " + thrown));
    }

    private List<String> violations() {
        return world.violations();
    }

    /** What happened, a line each. */
    private List<String> notes() {
        return world.notes();
    }

    private long turns() {
        return world.timeline.turns();
    }

    private Runner begin() throws IOException {
        if (!honest && world.random.nextInt(40) == 0) {
            world.note("no process can be started");
            throw new IOException("no more processes");
        }
        var faults = Fault.values();
        Optional<Fault> fault = honest || world.random.nextInt(100) >= faulty
                ? Optional.empty()
                : Optional.of(faults[world.random.nextInt(faults.length)]);
        var after = world.random.nextInt(3) == 0 ? world.random.nextInt(4) : world.random.nextInt(150);
        var child = new SimulatedChild(world, world.children.size(), fault, after);
        world.children.add(child);
        world.note("child %d begins, fault %s after %d", child.number, fault, after);
        world.timeline.start("child-" + child.number, child::serve);
        return child;
    }

    private boolean refusesThread() {
        if (threadsRefused == 0) {
            return false;
        }
        threadsRefused--;
        world.note("no thread can be started");
        return true;
    }

    private long free() {
        return (4L << 30)
                - taken
                - world.children.stream().mapToLong(SimulatedChild::bytes).sum();
    }

    private void act() {
        var random = world.random;
        switch (random.nextInt(24)) {
            case 0, 1, 2, 3, 4, 5, 6, 7 -> ask();
            case 8, 9 -> any(waiting()).ifPresent(caller -> on("leaves", caller::leave));
            case 10 -> any(waiting()).ifPresent(caller -> on("reads on", caller::readOn));
            case 11 -> {
                var model = one(models).name();
                world.note("%s is to be unloaded", model);
                on("expires", () -> scheduler.expire(model));
            }
            case 12 ->
                any(world.children).ifPresent(child -> {
                    if (!honest && random.nextInt(3) == 0) {
                        child.exit("SIGTERM");
                    }
                });
            case 13 -> taken = random.nextInt(3) == 0 ? (4L << 30) - random.nextInt(1 << 20) : 0;
            case 14 -> threadsRefused = random.nextInt(4) == 0 ? 1 + random.nextInt(2) : 0;
            case 15 -> scheduler.running();
            case 16, 17 -> world.timeline.settle();
            case 18, 19, 20 -> pass(1 + random.nextInt(100));
            case 21, 22 -> pass(1 + random.nextInt(10_000));
            default -> pass(1 + random.nextInt(random.nextInt(4) == 0 ? 600_000 : 20_000));
        }
    }

    private List<SimulatedCaller> waiting() {
        return callers.stream().filter(caller -> !caller.ended()).toList();
    }

    private void pass(int millis) {
        world.note("%d ms pass", millis);
        world.timeline.pass(Duration.ofMillis(millis));
    }

    private void ask() {
        var random = world.random;
        var wish = random.nextInt(3) == 0 ? one(WISHES) : Wish.ANSWER;
        var work =
                switch (wish) {
                    case ANSWER -> Work.GENERATION;
                    case VECTORS -> Work.EMBEDDING;
                    case NUMBER -> Work.TOKENS;
                    case PRESENCE -> Work.PRESENCE;
                };
        var keepAlive = random.nextInt(3) == 0
                ? Optional.of(KeepAlive.ofSeconds(one(List.of(0, 0, 1, 60, 3600))))
                : Optional.<KeepAlive>empty();
        var options = random.nextInt(8) == 0 ? RunnerOptions.DEFAULT.withContext(512) : RunnerOptions.DEFAULT;
        var model = one(models);
        var request =
                new LeaseRequest(work, new Caller(random.nextInt(2), 0, random.nextInt(2)), model, options, keepAlive);
        var caller = new SimulatedCaller(world, callers.size(), one(PACES));
        callers.add(caller);
        world.note("caller %d asks %s for %s", caller.number, model.name(), wish);
        on("asks", () -> caller.ask(scheduler.lease(request), wish));
    }

    private void on(String name, Runnable work) {
        world.timeline.start(name, work);
    }

    /** Nothing goes wrong any more, and everybody reads what they get: then all ends, and nothing is left. */
    private void comeToRest() {
        honest = true;
        taken = 0;
        threadsRefused = 0;
        world.note("from now on nothing more goes wrong");
        var stopsEarly = world.random.nextInt(3) == 0;
        if (!stopsEarly) {
            waitForCallers();
            requireRest();
        }
        world.note("the server stops");
        on("close", scheduler::close);
        callers.forEach(caller -> on("reads on", caller::readOn));
        waitUntil("the server does not stop", () -> world.timeline.alive().isEmpty() && world.timeline.timers() == 0);
        require(callers.stream().allMatch(SimulatedCaller::ended), "somebody waits for a server that is gone");
        require(scheduler.occupancy().equals(new Occupancy(0, 0, 0)), "left are " + scheduler.occupancy());
        require(scheduler.running().isEmpty(), "a model is left");
        require(world.children.stream().allMatch(SimulatedChild::hasEnded), "a process is left");
        require(free() == 4L << 30, "memory is left");
    }

    private void waitForCallers() {
        callers.forEach(caller -> on("reads on", caller::readOn));
        var patience = world.timeline.nanos() + LONGEST_REST.toNanos();
        world.timeline.settle();
        while (!callers.stream().allMatch(SimulatedCaller::ended)) {
            callers.stream()
                    .filter(caller -> world.isHanging(caller.number))
                    .forEach(caller -> on("leaves", caller::leave));
            if (world.timeline.nanos() > patience || !world.timeline.passToNextTimer()) {
                callers.stream()
                        .filter(caller -> !caller.ended())
                        .forEach(caller -> world.violation("caller %d waits for ever".formatted(caller.number)));
                throw new AssertionError("threads wait: " + world.timeline.alive());
            }
        }
        world.timeline.pass(Duration.ofSeconds(30));
    }

    private void requireRest() {
        require(scheduler.occupancy().active() == 0, "leases are left: " + scheduler.occupancy());
        require(scheduler.occupancy().waiting() == 0, "requests are left: " + scheduler.occupancy());
        for (var child : world.children) {
            require(
                    !child.keepsToTheProtocol() || child.generations().isEmpty(),
                    "child %d goes on with %s"
                            .formatted(child.number, child.generations().keySet()));
        }
        var before = world.timeline.nanos();
        scheduler.running().forEach(model -> require(model.bytes() >= 0, "a model has " + model.bytes() + " bytes"));
        require(world.timeline.nanos() == before, "time passed");
    }

    private void waitUntil(String otherwise, java.util.function.BooleanSupplier condition) {
        var patience = world.timeline.nanos() + LONGEST_REST.toNanos();
        world.timeline.settle();
        while (!condition.getAsBoolean()) {
            if (world.timeline.nanos() > patience || !world.timeline.passToNextTimer()) {
                throw new AssertionError(otherwise + ": " + world.timeline.alive());
            }
        }
    }

    private void require(boolean condition, String otherwise) {
        if (!condition) {
            world.violation(otherwise);
        }
    }

    private <T> T one(List<T> some) {
        return some.get(world.random.nextInt(some.size()));
    }

    private <T> Optional<T> any(List<T> some) {
        return some.isEmpty() ? Optional.empty() : Optional.of(one(some));
    }
}
