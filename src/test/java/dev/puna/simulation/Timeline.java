// SPDX-License-Identifier: Apache-2.0
package dev.puna.simulation;

import java.lang.reflect.Constructor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Threads of which one runs at a time, until it waits; a random number generator decides which is next. Time stands still while any
 * of them can go on.
 *
 * <p>They are virtual threads whose scheduler this is. Java offers no such thing to programs, so the JVM needs {@code --add-opens
 * java.base/java.lang=ALL-UNNAMED}. <b>Threads:</b> that of the test runs all others; what it hands out is for those.
 */
@SuppressWarnings("ThreadPriorityCheck") // the scheduler that is relied on is this one
public final class Timeline implements Executor {
    private static final Constructor<?> BUILDERS = builders();

    /** Switches are at one of so many places. */
    private static final int SELDOM = 40;

    /** Turns of others for which a thread is held there. */
    private static final int LONGEST_HOLD = 60;

    /** That which runs threads now. */
    private static volatile @Nullable Timeline current;

    private final Random random;
    private final List<Runnable> ready = new ArrayList<>();
    private final List<Late> late = new ArrayList<>();
    private final PriorityQueue<Timer> timers =
            new PriorityQueue<>(Comparator.comparingLong(Timer::at).thenComparingLong(Timer::number));
    private final TreeMap<Long, String> alive = new TreeMap<>();
    private final List<Throwable> uncaught = new ArrayList<>();
    private final AtomicLong numbers = new AtomicLong();
    private long now;
    private long turns;

    /** Whether the thread that is about to yield stays where it is for a while. */
    private boolean held;

    public Timeline(Random random) {
        this.random = random;
    }

    /** A thread that goes on after so many turns of others, or when none of them can. */
    private record Late(Runnable continuation, long turn) {}

    private record Timer(long at, long number, Runnable work) {}

    private static Constructor<?> builders() {
        try {
            var found = Class.forName("java.lang.ThreadBuilders$VirtualThreadBuilder")
                    .getDeclaredConstructor(Executor.class);
            found.setAccessible(true);
            return found;
        } catch (ReflectiveOperationException | RuntimeException e) {
            throw new LinkageError("simulations need a JVM with --add-opens java.base/java.lang=ALL-UNNAMED", e);
        }
    }

    /** Nanoseconds since the beginning. */
    public long nanos() {
        return now;
    }

    /** A thread that has not begun. */
    public Thread unstarted(String name, Runnable work) {
        var number = numbers.incrementAndGet();
        try {
            return ((Thread.Builder.OfVirtual) BUILDERS.newInstance((Executor) this::makeReady))
                    .name(name)
                    .uncaughtExceptionHandler((_, thrown) -> uncaught.add(thrown))
                    .unstarted(() -> {
                        alive.put(number, name);
                        try {
                            work.run();
                        } finally {
                            alive.remove(number);
                        }
                    });
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(e.toString(), e);
        }
    }

    public void start(String name, Runnable work) {
        unstarted(name, work).start();
    }

    @Override
    public void execute(Runnable work) {
        start("task", work);
    }

    /** Runs something at a moment, on a thread of its own. */
    public Runnable at(long nanos, String name, Runnable work) {
        var timer = new Timer(Math.max(nanos, now), numbers.incrementAndGet(), () -> start(name, work));
        timers.add(timer);
        return () -> timers.remove(timer);
    }

    /** Runs something again and again until that is stopped. */
    public Runnable every(Duration pause, String name, Runnable work) {
        var beats = new Beats(pause, name, work);
        beats.next();
        return beats::stop;
    }

    private final class Beats {
        private final Duration pause;
        private final String name;
        private final Runnable work;
        private Runnable cancel = () -> {};
        private boolean stopped;

        Beats(Duration pause, String name, Runnable work) {
            this.pause = pause;
            this.name = name;
            this.work = work;
        }

        void next() {
            cancel = at(now + pause.toNanos(), name, () -> {
                if (!stopped) {
                    work.run();
                }
                if (!stopped) {
                    next();
                }
            });
        }

        void stop() {
            stopped = true;
            cancel.run();
        }
    }

    /** Lets the calling thread, one of these, wait for time to pass. */
    public void sleep(Duration duration) {
        var over = new CompletableFuture<Void>();
        at(now + duration.toNanos(), "sleep", () -> over.complete(null));
        over.join();
    }

    /** Now and then lets others go first; called at each place that {@link Interleaving} adds. */
    public static void maybeSwitch() {
        var running = current;
        if (running != null && Thread.currentThread().isVirtual() && running.random.nextInt(SELDOM) == 0) {
            running.held = true;
            Thread.yield();
        }
    }

    /** Now and then lets others go first. */
    void maybeYield() {
        if (Thread.currentThread().isVirtual() && random.nextInt(4) == 0) {
            Thread.yield();
        }
    }

    private synchronized void makeReady(Runnable continuation) {
        if (held) {
            held = false;
            late.add(new Late(continuation, turns + random.nextInt(LONGEST_HOLD)));
        } else {
            ready.add(continuation);
        }
    }

    private synchronized @Nullable Runnable next() {
        late.removeIf(held -> held.turn() <= turns && ready.add(held.continuation()));
        if (ready.isEmpty()) {
            return late.isEmpty() ? null : late.removeFirst().continuation();
        }
        return ready.remove(random.nextInt(ready.size()));
    }

    /** Lets threads go on, as many times as said, or until all wait; whether some still can. */
    boolean run(int most) {
        for (var i = 0; i < most; i++) {
            var continuation = next();
            if (continuation == null) {
                return false;
            }
            turns++;
            current = this;
            continuation.run();
        }
        return true;
    }

    /** Lets all threads go on until each waits. */
    void settle() {
        if (run(1_000_000)) {
            throw new AssertionError("threads go on for ever: " + alive.values());
        }
    }

    /** Lets time pass until somebody is to be woken who waits for that; whether there was one. */
    boolean passToNextTimer() {
        settle();
        var timer = timers.poll();
        if (timer == null) {
            return false;
        }
        now = timer.at();
        timer.work().run();
        settle();
        return true;
    }

    /** Lets time pass, and all threads go on. */
    public void pass(Duration duration) {
        var end = now + duration.toNanos();
        settle();
        while (!timers.isEmpty() && timers.peek().at() <= end) {
            passToNextTimer();
        }
        now = Math.max(now, end);
    }

    /** Names of the threads that have not ended. */
    public List<String> alive() {
        return List.copyOf(alive.values());
    }

    int timers() {
        return timers.size();
    }

    /** How often a thread went on. */
    long turns() {
        return turns;
    }

    /** What threads have ended with. */
    public List<Throwable> uncaught() {
        return uncaught;
    }
}
