// SPDX-License-Identifier: Apache-2.0
package dev.puna.simulation;

import dev.puna.engine.FinishReason;
import dev.puna.engine.StepClock;
import dev.puna.engine.wire.FrameWriter;
import dev.puna.engine.wire.FromRunner;
import dev.puna.engine.wire.Protocol;
import dev.puna.engine.wire.ToRunner;
import dev.puna.failure.Cancelled;
import dev.puna.failure.Failure;
import dev.puna.failure.InsufficientMemory;
import dev.puna.failure.InvalidRequest;
import dev.puna.failure.NativeFailure;
import dev.puna.failure.QueueFull;
import dev.puna.failure.ShuttingDown;
import dev.puna.support.Script;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** A process that does not keep to the protocol, once. */
final class Misdeed {
    private static final int FLOOD = 500;
    private static final int HEADER = 13;
    private static final List<Failure> FAILURES = List.of(
            new NativeFailure("bad tensor"),
            new NativeFailure("bad tensor"),
            new InsufficientMemory("failed to allocate"),
            new Cancelled("cancelled"),
            new InvalidRequest("no such thing"),
            new QueueFull("full"),
            new ShuttingDown("stopping"));

    private final World world;
    private final SimulatedChild child;
    private final FromRunner message;

    /**
     * @param message what it should have said
     */
    Misdeed(World world, SimulatedChild child, FromRunner message) {
        this.world = world;
        this.child = child;
        this.message = message;
    }

    /** Whether what it should have said has been said, too, as far as it knows. */
    boolean commit(Fault fault) throws IOException {
        var call = message.call();
        switch (fault) {
            case DIES -> child.exit("SIGSEGV");
            case FALLS_SILENT -> child.fallSilent();
            case HANGS_UP -> child.disconnect();
            case NEVER_ANSWERS -> child.forget(call);
            case HANGS -> child.hang(new StepClock.Step(1, world.random.nextInt(2) * 20));
            case REFUSES -> {
                child.send(new FromRunner.Failed(call, one(FAILURES)));
                child.drop(call);
            }
            case GARBAGE -> {
                var bytes = new byte[world.random.nextInt(1, 300)];
                world.random.nextBytes(bytes);
                child.sendBytes(ByteBuffer.wrap(bytes));
                child.fallMute();
            }
            case CUTS_OFF -> {
                header(14, 40, call, 10);
                child.disconnect();
            }
            case STOPS_WITHIN -> {
                header(14, 40, call, 10);
                child.fallMute();
            }
            case TOO_LONG -> {
                header(world.random.nextInt(16), world.random.nextInt(Integer.MIN_VALUE, Integer.MAX_VALUE), call, 20);
                child.fallMute();
            }
            case UNKNOWN_CALL -> {
                var unknown = call + 1 + world.random.nextInt(1_000);
                child.send(
                        new FromRunner.Event(unknown, SimulatedGeneration.piece(0)),
                        new FromRunner.Ended(unknown + 1),
                        new FromRunner.Failed(unknown + 2, one(FAILURES)),
                        message);
                return true;
            }
            case WRONG_KIND -> {
                var any = anyUnanswered();
                child.send(wrong(any), message);
                return true;
            }
            case FLOODS -> {
                for (var i = 0; i < FLOOD; i++) {
                    child.send(new FromRunner.Event(anyGeneration(), SimulatedGeneration.piece(i)));
                }
                child.send(message);
                return true;
            }
            case GOES_ON_AFTER_END -> {
                child.send(
                        message,
                        new FromRunner.Ended(call),
                        new FromRunner.Event(call, SimulatedGeneration.piece(0)),
                        new FromRunner.Ended(call),
                        new FromRunner.Failed(call, one(FAILURES)));
            }
            case ENDS_EARLY -> {
                child.send(new FromRunner.Ended(anyGeneration()), message);
                return true;
            }
            case FINISHES_TWICE -> {
                var last = new FromRunner.Event(anyGeneration(), Script.finished(FinishReason.STOP, 1));
                child.send(last, last, new FromRunner.Ended(last.call()), message);
                return true;
            }
            case ODD_HELLO ->
                child.send(new FromRunner.Hello(Protocol.PROTOCOL_VERSION + world.random.nextInt(2)), message);
            case ODD_NUMBERS -> odd(call);
        }
        return false;
    }

    /** Such messages cannot be made, so others are changed on their way. */
    private void odd(long call) throws IOException {
        switch (message) {
            case FromRunner.Loaded loaded ->
                changed(loaded, 4 * world.random.nextInt(4), one(List.of(-1L, Long.MIN_VALUE, 0x7fff_ffff_ffff_ffffL)));
            case FromRunner.Count count -> changed(count, 0, one(List.of(-1L, Long.MAX_VALUE)));
            case FromRunner.Prepared prepared -> changed(prepared, 0, Long.MIN_VALUE);
            default ->
                changed(
                        new FromRunner.Progress(call, 0.5),
                        0,
                        Double.doubleToLongBits(one(List.of(Double.NaN, -1.0, 2.0, Double.POSITIVE_INFINITY))));
        }
    }

    private void changed(FromRunner some, int at, long number) throws IOException {
        var writer = new FrameWriter(parts -> {
            for (var part : parts) {
                var copy = ByteBuffer.allocate(part.remaining()).order(ByteOrder.LITTLE_ENDIAN);
                copy.put(part).putLong(HEADER + at, number).flip();
                child.sendBytes(copy);
            }
        });
        writer.add(some);
        writer.flush();
        child.fallMute();
    }

    private static FromRunner wrong(ToRunner asked) {
        var call = asked.call();
        return asked instanceof ToRunner.Count ? new FromRunner.Text(call, "seven") : new FromRunner.Count(call, 7);
    }

    private ToRunner anyUnanswered() {
        var some = List.copyOf(child.unanswered().values());
        return some.isEmpty() ? new ToRunner.Ping(message.call()) : one(some);
    }

    private long anyGeneration() {
        var some = List.copyOf(child.generations().keySet());
        return some.isEmpty() ? message.call() : one(some);
    }

    private void header(int kind, int length, long call, int bytes) throws IOException {
        child.sendBytes(ByteBuffer.allocate(HEADER + bytes)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(length)
                .put((byte) kind)
                .putLong(call)
                .position(0));
    }

    private <T> T one(List<T> some) {
        return some.get(world.random.nextInt(some.size()));
    }
}
