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
import java.util.ArrayList;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
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
    private static final long SECONDS_TO_END = 5;

    /** What a process says at once may take as much of the heap as this. */
    private static final int PART_OF_HEAP = 4;

    private final String name;
    private final Runner runner;
    private final BlockingQueue<ToRunner> outgoing = new LinkedBlockingQueue<>();
    private final Map<Long, RunnerCall> calls = new ConcurrentHashMap<>();
    private final AtomicLong numbers = new AtomicLong();
    private final AtomicBoolean closing = new AtomicBoolean();
    private final Thread reading;
    private final Thread writing;
    private final Pulse pulse = new Pulse(() -> outgoing.add(new ToRunner.Ping(0)), this::stuck);
    private volatile @Nullable Failure end;
    private volatile String complaint = "";
    private volatile Consumer<Failure> onDeath = _ -> {};

    private RunnerChannel(String name, Runner runner) {
        this.name = name;
        this.runner = runner;
        this.reading = thread("from-" + name, this::read);
        this.writing = thread("to-" + name, this::write);
    }

    /**
     * Takes over a process that has just been started.
     *
     * @param name of the model, for messages
     */
    static RunnerChannel open(String name, Runner runner) {
        var channel = new RunnerChannel(name, runner);
        channel.outgoing.add(new ToRunner.Hello(Protocol.PROTOCOL_VERSION));
        channel.reading.start();
        channel.writing.start();
        return channel;
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
            failAll(new Cancelled("the model was unloaded"));
            runner.disconnect();
        }
        if (ended(SECONDS_TO_END) == null) {
            runner.kill();
            ended(SECONDS_TO_END);
        }
    }

    private static Thread thread(String name, Runnable work) {
        return Thread.ofPlatform().daemon().name(name).unstarted(work);
    }

    private void write() {
        var writer = new FrameWriter(runner.sink());
        var messages = new ArrayList<ToRunner>();
        try {
            while (end == null) {
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

    private void take(FromRunner message) throws IOException {
        switch (message) {
            case FromRunner.Hello(var version)
            when version != Protocol.PROTOCOL_VERSION ->
                throw new IOException("it is of another version of this program: restart the server");
            case FromRunner.Hello _ -> pulse.begin();
            case FromRunner.Pong _ -> {}
            case FromRunner.Failed(var number, var failure) -> {
                var call = calls.remove(number);
                if (call != null) {
                    call.failed(explained(failure));
                }
            }
            case FromRunner.Ended(var number) -> {
                var call = calls.remove(number);
                if (call != null) {
                    call.ended();
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

    /** It has not answered for long: taken for dead. */
    private void stuck() {
        complaint = "it did not answer for %d s".formatted(Pulse.LONGEST_SILENCE.toSeconds());
        runner.kill();
        runner.disconnect();
    }

    /** The connection has ended: says so to everybody, with the reason. On the thread that reads. */
    private void die() {
        runner.kill();
        var told = complaint;
        var ended = ended(SECONDS_TO_END);
        var reason = CrashReason.of(name, told, ended, runner.memoryLimit());
        failAll(closing.get() ? new Cancelled("the model was unloaded") : reason);
        writing.interrupt();
        if (!closing.get()) {
            onDeath.accept(reason);
        }
    }

    private void failAll(Failure failure) {
        if (end == null) {
            end = failure;
        }
        for (var number : Set.copyOf(calls.keySet())) {
            var call = calls.remove(number);
            if (call != null) {
                call.failed(failure);
            }
        }
    }

    private Runner.@Nullable End ended(long seconds) {
        try {
            return runner.end().get(seconds, TimeUnit.SECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return null;
        } catch (ExecutionException | TimeoutException _) {
            return null;
        }
    }
}
