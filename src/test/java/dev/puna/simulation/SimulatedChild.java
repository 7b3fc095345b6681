// SPDX-License-Identifier: Apache-2.0
package dev.puna.simulation;

import dev.puna.device.ComputeDevice;
import dev.puna.engine.EmbeddingResult;
import dev.puna.engine.EngineFacts;
import dev.puna.engine.EngineMemory;
import dev.puna.engine.GenerationRequest;
import dev.puna.engine.Prompt;
import dev.puna.engine.StepClock;
import dev.puna.engine.remote.Runner;
import dev.puna.engine.wire.ByteSink;
import dev.puna.engine.wire.ByteSource;
import dev.puna.engine.wire.FrameReader;
import dev.puna.engine.wire.FrameWriter;
import dev.puna.engine.wire.FromRunner;
import dev.puna.engine.wire.Protocol;
import dev.puna.engine.wire.ToRunner;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/** The process of a model that nothing is computed in. It keeps to the protocol until its fault comes. Threads of the timeline. */
final class SimulatedChild implements Runner {
    private static final int LONGEST_ANSWER = 150;

    final int number;
    private final World world;
    private final SimulatedPipe heard;
    private final SimulatedPipe said;
    private final FrameWriter writer;
    private final CompletableFuture<End> end = new CompletableFuture<>();
    private final CompletableFuture<Void> ending = new CompletableFuture<>();
    private final TreeMap<Long, SimulatedGeneration> generations = new TreeMap<>();
    private final TreeMap<Long, ToRunner> unanswered = new TreeMap<>();
    private final Set<Long> forgotten = new HashSet<>();
    private final Optional<Fault> fault;
    private int untilFault;
    private boolean silent;
    private boolean mute;
    private boolean liar;
    private StepClock.Step step = StepClock.Step.NONE;
    private long bytes;

    /**
     * @param fault what it will do, if it does
     * @param untilFault how many messages before that
     */
    SimulatedChild(World world, int number, Optional<Fault> fault, int untilFault) {
        this.world = world;
        this.number = number;
        this.fault = fault;
        this.untilFault = untilFault;
        heard = new SimulatedPipe(world.timeline, world.random);
        said = new SimulatedPipe(world.timeline, world.random);
        writer = new FrameWriter(said::write);
    }

    void serve() {
        try {
            world.doze(300);
            say(new FromRunner.Hello(Protocol.PROTOCOL_VERSION));
            var reader = new FrameReader(heard::read);
            for (var message = reader.readToRunner(); message != null; message = reader.readToRunner()) {
                if (silent) {
                    ending.join();
                    return;
                }
                take(message);
            }
            if (silent) {
                ending.join();
            }
            exit("exit code 0");
        } catch (IOException broken) {
            // Closed while it wrote; a message that is none would be the server's fault.
            if (!ending.isDone()
                    && !"closed".equals(broken.getMessage())
                    && !String.valueOf(broken.getMessage()).contains("in the middle of a message")) {
                world.violation("child %d was told %s".formatted(number, broken.getMessage()));
            }
            exit("exit code 1");
        }
    }

    private void take(ToRunner message) throws IOException {
        if (ending.isDone()) {
            return;
        }
        if (!(message instanceof ToRunner.Ping)) {
            world.note("child %d is told %s %d", number, message.getClass().getSimpleName(), message.call());
        }
        switch (message) {
            case ToRunner.Hello _ -> {}
            case ToRunner.Ping(var call) -> say(new FromRunner.Pong(call, step));
            case ToRunner.Credit(var call, var events) -> {
                var generation = generations.get(call);
                if (generation != null) {
                    generation.credit(events);
                }
            }
            case ToRunner.Cancel(var call) -> {
                var generation = generations.get(call);
                if (generation != null) {
                    generation.cancel();
                }
            }
            case ToRunner.Generate(var call, var request) -> {
                unanswered.put(call, message);
                var generation = new SimulatedGeneration(
                        world, this, call, caller(request), world.random.nextInt(LONGEST_ANSWER));
                generations.put(call, generation);
                if (liar) {
                    world.liedTo(generation.caller());
                }
                world.timeline.start("generation", generation::run);
            }
            default -> {
                unanswered.put(message.call(), message);
                world.timeline.start("work", () -> answer(message));
            }
        }
    }

    /** The number of the caller, which is in its prompt. */
    private static int caller(GenerationRequest request) {
        return request.prompt() instanceof Prompt.Raw(var text, var _) ? Integer.parseInt(text) : -1;
    }

    private static int caller(ToRunner message) {
        return switch (message) {
            case ToRunner.Generate(var _, var request) -> caller(request);
            case ToRunner.Count(var _, var request) -> caller(request);
            case ToRunner.Embed(var _, var request) ->
                Integer.parseInt(request.inputs().getFirst());
            default -> -1;
        };
    }

    private void answer(ToRunner message) {
        var call = message.call();
        world.doze(200);
        switch (message) {
            case ToRunner.Devices _ -> end(call, new FromRunner.Devices(call, List.of(World.CPU)));
            case ToRunner.Load(var _, var spec) -> {
                for (var i = world.random.nextInt(4); i > 0; i--) {
                    world.doze(3_000);
                    say(new FromRunner.Progress(call, 1.0 / (i + 1)));
                }
                var needed = (100 + world.random.nextInt(300)) * World.MIB;
                bytes = ending.isDone() ? 0 : needed;
                end(
                        call,
                        new FromRunner.Loaded(
                                call,
                                new EngineFacts(spec.contextLength(), spec.sequences()),
                                new EngineMemory(needed / 2, needed / 4, needed / 4, 0)));
            }
            case ToRunner.Embed(var _, var request) ->
                end(
                        call,
                        new FromRunner.Embeddings(
                                call,
                                new EmbeddingResult(
                                        request.inputs().stream()
                                                .map(_ -> new float[4])
                                                .toList(),
                                        1)));
            case ToRunner.Count _ -> end(call, new FromRunner.Count(call, 7));
            default -> world.violation("nobody here asks for " + message);
        }
    }

    private static String name(FromRunner message) {
        return message.getClass().getSimpleName() + " " + message.call();
    }

    private void end(long call, FromRunner message) {
        if (say(message)) {
            unanswered.remove(call);
        }
    }

    /** Whether it was said, and not something else instead. */
    boolean say(FromRunner message) {
        try {
            if (silent
                    || mute
                    || (step.number() > 0 && !(message instanceof FromRunner.Pong))
                    || ending.isDone()
                    || forgotten.contains(message.call())) {
                return false;
            }
            if (fault.isPresent() && untilFault-- == 0) {
                world.note("child %d %s instead of %s", number, fault.get(), name(message));
                liar = fault.get().lies();
                if (liar) {
                    generations.values().forEach(generation -> world.liedTo(generation.caller()));
                }
                return new Misdeed(world, this, message).commit(fault.get());
            }
            if (!(message instanceof FromRunner.Pong || message instanceof FromRunner.Event)) {
                world.note("child %d says %s", number, name(message));
            }
            send(message);
            return true;
        } catch (IOException closed) {
            return false;
        }
    }

    void send(FromRunner... messages) throws IOException {
        for (var message : messages) {
            writer.add(message);
        }
        writer.flush();
    }

    void sendBytes(java.nio.ByteBuffer bytes) throws IOException {
        said.write(bytes);
    }

    /** Nothing more is said about a call. */
    void forget(long call) {
        var asked = unanswered.get(call);
        if (asked != null) {
            world.hangs(caller(asked));
            forgotten.add(call);
        }
    }

    /** Nothing more is done for a call. */
    void drop(long call) {
        var generation = generations.get(call);
        if (generation != null) {
            generation.cancel();
        }
        over(call);
    }

    void over(long call) {
        generations.remove(call);
        unanswered.remove(call);
    }

    Map<Long, ToRunner> unanswered() {
        return unanswered;
    }

    Map<Long, SimulatedGeneration> generations() {
        return generations;
    }

    void fallSilent() {
        silent = true;
    }

    /** It says nothing more, but its connection and what comes over it are as they were. */
    void fallMute() {
        mute = true;
    }

    /** It has a step under way from now on, and does nothing more but tell so. */
    void hang(StepClock.Step endless) {
        step = endless;
    }

    /** Whether its generations can be believed to have been cancelled when nobody reads them. */
    boolean keepsToTheProtocol() {
        return !silent && !mute && !liar && step.number() == 0 && forgotten.isEmpty() && !ending.isDone();
    }

    void exit(String reason) {
        if (!ending.isDone()) {
            ending.complete(null);
            world.note("child %d ends with %s", number, reason);
            disconnect();
            generations.values().forEach(SimulatedGeneration::cancel);
            var after = world.random.nextInt(3) == 0 ? Duration.ofMillis(world.random.nextInt(9_000)) : Duration.ZERO;
            world.timeline.at(world.timeline.nanos() + after.toNanos(), "burial", () -> {
                bytes = 0;
                end.complete(new End(reason, List.of("error: " + reason)));
            });
        }
    }

    long bytes() {
        return bytes;
    }

    boolean hasEnded() {
        return end.isDone();
    }

    @Override
    public ByteSource source() {
        return said::read;
    }

    @Override
    public ByteSink sink() {
        return heard::write;
    }

    @Override
    public long work() {
        return 0;
    }

    @Override
    public boolean isBusy() {
        return false;
    }

    @Override
    public void disconnect() {
        heard.close();
        said.close();
    }

    @Override
    public void kill() {
        exit("SIGKILL");
    }

    @Override
    public CompletableFuture<End> end() {
        return end;
    }

    static ComputeDevice cpu() {
        return new ComputeDevice("CPU", "CPU", "simulated", ComputeDevice.Kind.CPU, "", 8L << 30, 16L << 30);
    }
}
