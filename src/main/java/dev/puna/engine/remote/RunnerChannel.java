// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.remote;

import dev.puna.engine.wire.FrameReader;
import dev.puna.engine.wire.FrameWriter;
import dev.puna.engine.wire.FromRunner;
import dev.puna.engine.wire.Protocol;
import dev.puna.engine.wire.ToRunner;
import dev.puna.failure.Cancelled;
import dev.puna.failure.Failure;
import dev.puna.failure.InsufficientMemory;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Calls to the process of a model, and their answers.
 *
 * <p><b>Owns</b> the process and two threads, of which one reads and one writes, so that no caller waits for a process that stands
 * still. When the process ends, however that happens, every call fails with the reason. <b>Threads:</b> any.
 */
final class RunnerChannel implements AutoCloseable {
    private static final Duration LONGEST_END = Duration.ofSeconds(5);

    /** For what is kept before the end; a process gives itself less. */
    private static final Duration LONGEST_KEEPING = Duration.ofSeconds(3);

    /** What a process says at once may take as much of the heap as this. */
    private static final int PART_OF_HEAP = 4;

    private final String name;
    private final Runner runner;
    private final RunnerEnvironment environment;
    private final BlockingQueue<ToRunner> outgoing = new LinkedBlockingQueue<>();
    private final Map<Long, RunnerCall> calls = new ConcurrentHashMap<>();
    private final AtomicLong numbers = new AtomicLong();
    private final AtomicBoolean closing = new AtomicBoolean();
    private final Pulse pulse;
    private volatile @Nullable Thread writing;
    private volatile @Nullable Failure end;
    private volatile String complaint = "";
    private volatile Consumer<Failure> onDeath = _ -> {};

    private RunnerChannel(String name, Runner runner, RunnerEnvironment environment) {
        this.name = name;
        this.runner = runner;
        this.environment = environment;
        this.pulse = new Pulse(environment.beats(), () -> outgoing.add(new ToRunner.Ping(0)), runner, this::end);
    }

    /**
     * Takes over a process that has just been started.
     *
     * @param name of the model, for messages
     * @throws OutOfMemoryError if this process may have no more threads; the other one has been ended
     */
    static RunnerChannel open(String name, Runner runner, RunnerEnvironment environment) {
        var channel = new RunnerChannel(name, runner, environment);
        channel.outgoing.add(new ToRunner.Hello(Protocol.PROTOCOL_VERSION));
        try {
            channel.begin();
            return channel;
        } catch (OutOfMemoryError exhausted) {
            channel.end = new Cancelled("the process was not begun");
            channel.stopWriting();
            runner.kill();
            runner.disconnect();
            throw exhausted;
        }
    }

    private void begin() {
        var threads = environment.threads();
        var made = threads.unstarted("to-" + name, this::write);
        writing = made;
        made.start();
        threads.unstarted("from-" + name, this::read).start();
        pulse.begin();
    }

    private void stopWriting() {
        var thread = writing;
        if (thread != null) {
            thread.interrupt();
        }
    }

    RunnerEnvironment environment() {
        return environment;
    }

    /** Tells why, on a thread of its own, when the process ends without being told to; at once if it has. */
    void onDeath(Consumer<Failure> action) {
        onDeath = action;
        var ended = end;
        if (ended != null && !closing.get()) {
            action.accept(ended);
        }
    }

    /**
     * Makes a call.
     *
     * @param message makes the message from the call's number
     * @return the number
     */
    long call(RunnerCall call, LongFunction<ToRunner> message) {
        var number = numbers.incrementAndGet();
        calls.put(number, call);
        outgoing.add(message.apply(number));
        var ended = end;
        if (ended != null && calls.remove(number) != null) {
            call.failed(ended);
        }
        return number;
    }

    /** Says something more about a call. */
    void tell(ToRunner message) {
        if (end == null) {
            outgoing.add(message);
        }
    }

    /**
     * Ends the process if it has not done something in some time, although it is there.
     *
     * @return says that it has
     */
    Runnable within(Duration longest, String task) {
        return environment
                .beats()
                .every(longest, () -> end("it has not %s within %d s".formatted(task, longest.toSeconds())));
    }

    /** Whether the process has ended without being told to. */
    boolean hasDied() {
        return end != null && !closing.get();
    }

    /** Nobody waits for answers to that call any more. */
    void forget(long call) {
        calls.remove(call);
    }

    /** Ends the process, and every call with {@code Cancelled}. Returns when its memory is free, or it will not end. */
    @Override
    public void close() {
        if (closing.compareAndSet(false, true)) {
            var keeps = runner.keeps() && end == null;
            if (keeps) {
                outgoing.add(new ToRunner.End(0));
            }
            failAll(new Cancelled("the model was unloaded"));
            if (keeps) {
                ended(LONGEST_KEEPING);
            }
            runner.disconnect();
        }
        if (ended(LONGEST_END) == null) {
            runner.kill();
            ended(LONGEST_END);
        }
    }

    private void write() {
        var writer = new FrameWriter(runner.sink());
        var messages = new ArrayList<ToRunner>();
        try {
            while (end == null || !outgoing.isEmpty()) {
                messages.add(outgoing.take());
                outgoing.drainTo(messages);
                messages.forEach(message -> add(writer, message));
                messages.clear();
                writer.flush();
            }
        } catch (IOException _) {
            // The thread that reads hears of it, too, and says why.
            runner.disconnect();
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        } finally {
            outgoing.clear();
        }
    }

    private void add(FrameWriter writer, ToRunner message) {
        try {
            writer.add(message);
        } catch (Failure tooLong) {
            var call = calls.remove(message.call());
            if (call != null) {
                call.failed(tooLong);
            }
        }
    }

    private void read() {
        try {
            var most = (int) Math.min(Integer.MAX_VALUE, Runtime.getRuntime().maxMemory() / PART_OF_HEAP);
            var reader = new FrameReader(runner.source(), most);
            greet(reader.readFromRunner());
            for (var message = reader.readFromRunner(); message != null; message = reader.readFromRunner()) {
                pulse.heard();
                take(message);
            }
        } catch (OutOfMemoryError exhausted) {
            complaint = "it said more than this server has memory for";
        } catch (IOException | RuntimeException broken) {
            complaint = String.valueOf(broken.getMessage());
        } finally {
            pulse.close();
            die();
        }
    }

    /** Its first message, before which it does not know what it is asked. */
    private void greet(@Nullable FromRunner first) throws IOException {
        switch (first) {
            case null -> {}
            case FromRunner.Hello(var version) when version == Protocol.PROTOCOL_VERSION -> pulse.heard();
            case FromRunner.Hello _ ->
                throw new IOException("it is of another version of this program: restart the server");
            default -> throw new IOException("it did not say first which version of this program it is");
        }
    }

    private void take(FromRunner message) {
        switch (message) {
            case FromRunner.Hello _ -> throw new IllegalStateException("it greets twice");
            case FromRunner.Pong(var _, var step) -> pulse.heard(step);
            case FromRunner.Failed(var number, var failure) -> {
                var call = calls.remove(number);
                if (call != null) {
                    call.failed(explained(failure));
                }
            }
            case FromRunner.Ended(var number) -> {
                var call = calls.get(number);
                if (call != null) {
                    call.ended();
                    calls.remove(number);
                }
            }
            default -> {
                var call = calls.get(message.call());
                if (call != null) {
                    call.answer(message);
                }
            }
        }
    }

    private Failure explained(Failure failure) {
        return failure instanceof InsufficientMemory
                ? new InsufficientMemory(failure.text() + OutOfMemory.advice(runner.memoryLimit()))
                : failure;
    }

    /** Whatever it does, or does not, for this reason. */
    private void end(String reason) {
        complaint = reason;
        runner.kill();
        runner.disconnect();
    }

    /** The connection has ended: says so to everybody, with the reason. On the thread that reads. */
    private void die() {
        runner.kill();
        var told = complaint;
        var ended = ended(LONGEST_END);
        var reason = CrashReason.of(name, told, ended, runner.memoryLimit());
        failAll(closing.get() ? new Cancelled("the model was unloaded") : reason);
        stopWriting();
        if (!closing.get()) {
            onDeath.accept(reason);
        }
    }

    private void failAll(Failure failure) {
        if (end == null) {
            end = failure;
        }
        for (var number : List.copyOf(calls.keySet())) {
            var call = calls.remove(number);
            if (call != null) {
                call.failed(failure);
            }
        }
    }

    private Runner.@Nullable End ended(Duration longest) {
        var end = new CompletableFuture<Runner.@Nullable End>();
        var _ = runner.end().whenComplete((known, _) -> end.complete(known));
        if (end.isDone()) {
            return end.join();
        }
        var alarm = environment.beats().every(longest, () -> end.complete(null));
        try {
            return end.get();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return null;
        } catch (ExecutionException unexpected) {
            throw new IllegalStateException(unexpected);
        } finally {
            alarm.run();
        }
    }
}
