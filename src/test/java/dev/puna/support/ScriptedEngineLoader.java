// SPDX-License-Identifier: Apache-2.0
package dev.puna.support;

import dev.puna.device.ComputeDevice;
import dev.puna.engine.Engine;
import dev.puna.engine.EngineLoader;
import dev.puna.engine.EngineMemory;
import dev.puna.engine.EngineSpec;
import dev.puna.engine.Loading;
import dev.puna.engine.Refusal;
import dev.puna.failure.Cancelled;
import dev.puna.failure.Failure;
import dev.puna.failure.ModelRefused;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Loads {@link ScriptedEngine}s: what they answer, and how loading goes, is set by the test at any time, for all models or by
 * {@link EngineSpec#name()}.
 *
 * <pre>{@code
 * var loader = new ScriptedEngineLoader().answers(Script.answering("Hel", "lo"));
 * loader.failsToLoad(new NativeFailure("no such file"));    // from now on
 * loader.loadsOnlyWhenLet();                                // each load waits for loader.letLoad()
 * }</pre>
 */
public final class ScriptedEngineLoader implements EngineLoader {
    private static final String ANY = "";
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);

    private final Map<String, Script> scripts = new ConcurrentHashMap<>(Map.of(ANY, Script.answering("Hello", "!")));
    private final List<ScriptedEngine> engines = new CopyOnWriteArrayList<>();
    private final AtomicInteger loading = new AtomicInteger();
    private final AtomicInteger cancelledLoads = new AtomicInteger();
    private final AtomicInteger rests = new AtomicInteger();
    private final AtomicBoolean oneDies = new AtomicBoolean();
    private final Semaphore gate = new Semaphore(0);
    private volatile List<Refusal> refusals = List.of();
    private volatile boolean gated;
    private volatile boolean deaf;
    private volatile Optional<Failure> failure = Optional.empty();
    private final AtomicReference<@Nullable Failure> oneFailure = new AtomicReference<>();
    private volatile EngineMemory memory = new EngineMemory(100_000_000, 20_000_000, 10_000_000, 0);
    private volatile List<ComputeDevice> devices =
            List.of(new ComputeDevice("CPU", "CPU", "scripted", ComputeDevice.Kind.CPU, "", 8L << 30, 16L << 30));

    /** What every model answers from now on, loaded ones too. */
    public ScriptedEngineLoader answers(Script script) {
        scripts.clear();
        scripts.put(ANY, script);
        return this;
    }

    /** What one model answers from now on. */
    public ScriptedEngineLoader answers(String name, Script script) {
        scripts.put(name, script);
        return this;
    }

    /** Every load fails from now on. */
    public ScriptedEngineLoader failsToLoad(Failure newFailure) {
        failure = Optional.of(newFailure);
        return this;
    }

    /** The next load fails, those after it do not. */
    public ScriptedEngineLoader failsToLoadOnce(Failure newFailure) {
        oneFailure.set(newFailure);
        return this;
    }

    /** The next engine has died when its load is over. */
    public ScriptedEngineLoader loadsOneThatDies() {
        oneDies.set(true);
        return this;
    }

    /** Every load succeeds from now on, at once. */
    public ScriptedEngineLoader loadsAgain() {
        gated = false;
        failure = Optional.empty();
        return this;
    }

    /** Every load waits, from now on, for a call of {@link #letLoad()}; a cancelled one ends. */
    public ScriptedEngineLoader loadsOnlyWhenLet() {
        gated = true;
        return this;
    }

    /** A cancelled load goes on as if nothing had been said. */
    public ScriptedEngineLoader ignoresCancellation() {
        deaf = true;
        return this;
    }

    /** Loads of these models fail as of one that has crashed again and again. */
    public ScriptedEngineLoader refuses(Refusal... newRefusals) {
        refusals = List.of(newRefusals);
        return this;
    }

    @Override
    public List<Refusal> refusals() {
        return refusals;
    }

    /** Lets one load go on. */
    public void letLoad() {
        gate.release();
    }

    public ScriptedEngineLoader needs(EngineMemory newMemory) {
        memory = newMemory;
        return this;
    }

    public ScriptedEngineLoader runsOn(ComputeDevice... newDevices) {
        devices = List.of(newDevices);
        return this;
    }

    /** All engines ever made, in order, closed ones too. */
    public List<ScriptedEngine> engines() {
        return engines;
    }

    /** The newest engine. */
    public ScriptedEngine engine() {
        return engines.getLast();
    }

    /** Loads under way. */
    public int loading() {
        return loading.get();
    }

    public int cancelledLoads() {
        return cancelledLoads.get();
    }

    @Override
    public Engine load(EngineSpec spec, Loading load) {
        loading.incrementAndGet();
        try {
            waitAtGate(load);
            if (refusals.stream().anyMatch(refusal -> refusal.model().equals(spec.name()))) {
                throw new ModelRefused("'" + spec.name() + "' is not tried again");
            }
            failure.or(() -> Optional.ofNullable(oneFailure.getAndSet(null))).ifPresent(refusal -> {
                throw refusal;
            });
            load.follow(() -> 1);
            var engine = new ScriptedEngine(spec, memory, () -> scriptOf(spec.name()));
            engines.add(engine);
            if (oneDies.getAndSet(false)) {
                engine.dies();
            }
            return engine;
        } finally {
            loading.decrementAndGet();
        }
    }

    @Override
    public void trimMemory() {
        rests.incrementAndGet();
    }

    /** How often nothing was loaded any more. */
    public int rests() {
        return rests.get();
    }

    @Override
    public List<ComputeDevice> devices() {
        return devices;
    }

    private void waitAtGate(Loading load) {
        var deadline = System.nanoTime() + LONGEST_WAIT.toNanos();
        try {
            while (gated && !gate.tryAcquire(5, TimeUnit.MILLISECONDS)) {
                if (load.cancelled() && !deaf) {
                    cancelledLoads.incrementAndGet();
                    throw new Cancelled("load cancelled");
                }
                if (System.nanoTime() > deadline) {
                    throw new IllegalStateException("the test never let the load go on");
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Cancelled("load interrupted");
        }
    }

    private Script scriptOf(String name) {
        var own = scripts.get(name);
        return own != null ? own : scripts.getOrDefault(ANY, Script.answering());
    }
}
