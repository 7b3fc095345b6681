// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.runner;

import dev.puna.engine.Engine;
import dev.puna.engine.EngineLoader;
import dev.puna.engine.EngineSpec;
import dev.puna.engine.GenerationRequest;
import dev.puna.engine.Loading;
import dev.puna.engine.Quantizer;
import dev.puna.engine.StepClock;
import dev.puna.engine.wire.ByteSource;
import dev.puna.engine.wire.FrameReader;
import dev.puna.engine.wire.FromRunner;
import dev.puna.engine.wire.Protocol;
import dev.puna.engine.wire.ToRunner;
import dev.puna.failure.Failure;
import dev.puna.failure.InvalidRequest;
import io.smallrye.mutiny.Uni;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Does what the server says, with one model.
 *
 * <p><b>Owns</b> the model. <b>Threads:</b> {@link #run} on one, which reads and must not be held up: what takes long has threads of
 * its own.
 */
public final class RunnerService {
    private final EngineLoader loader;
    private final IntFunction<Quantizer> quantizers;
    private final FrameReader reader;
    private final StepClock steps;
    private final Outbox outbox;
    private final ExecutorService threads = Executors.newCachedThreadPool(
            Thread.ofPlatform().name("call-", 0).daemon().factory());
    private final LongWork longWork;
    private final Map<Long, RunningGeneration> generations = new ConcurrentHashMap<>();
    private volatile @Nullable Engine engine;

    /**
     * @param quantizers makes one that computes with so many threads
     * @param steps of the model that is loaded
     */
    public RunnerService(
            EngineLoader loader, IntFunction<Quantizer> quantizers, StepClock steps, ByteSource source, Outbox outbox) {
        this.loader = loader;
        this.quantizers = quantizers;
        this.steps = steps;
        this.reader = new FrameReader(source);
        this.outbox = outbox;
        this.longWork = new LongWork(threads, outbox);
    }

    /**
     * Serves until the server closes the connection or says that it is enough.
     *
     * @return whether it has said so, and waits for what is to be kept
     * @throws IOException if what comes is not of this protocol
     */
    public boolean run() throws IOException {
        outbox.send(new FromRunner.Hello(Protocol.PROTOCOL_VERSION));
        for (var message = reader.readToRunner(); message != null; message = reader.readToRunner()) {
            if (message instanceof ToRunner.End) {
                return true;
            }
            try {
                take(message);
            } catch (Failure refused) {
                outbox.fail(message.call(), refused);
            }
        }
        return false;
    }

    /** Ends the model; for a process that goes on. */
    public void close() {
        var loaded = engine;
        if (loaded != null) {
            loaded.close();
        }
        threads.shutdownNow();
    }

    private void take(ToRunner message) throws IOException {
        var call = message.call();
        switch (message) {
            case ToRunner.Hello(var version) -> requireSame(version);
            case ToRunner.Devices _ -> answer(call, () -> new FromRunner.Devices(call, loader.devices()));
            case ToRunner.Load(var _, var spec) -> longWork.start(call, loading -> load(call, spec, loading));
            case ToRunner.Quantize quantize -> longWork.start(call, progress -> quantize(quantize, progress));
            case ToRunner.Generate(var _, var request) -> generate(call, request);
            case ToRunner.Credit(var _, var events) -> {
                var generation = generations.get(call);
                if (generation != null) {
                    generation.credit(events);
                }
            }
            case ToRunner.Cancel _ -> {
                var generation = generations.remove(call);
                if (generation != null) {
                    generation.cancel();
                }
            }
            case ToRunner.Embed(var _, var request) ->
                answer(call, engine().embed(request), result -> new FromRunner.Embeddings(call, result));
            case ToRunner.Rank(var _, var request) ->
                answer(call, engine().rank(request), result -> new FromRunner.Ranks(call, result));
            case ToRunner.Render(var _, var request) ->
                answer(call, () -> new FromRunner.Text(call, engine().render(request)));
            case ToRunner.Count(var _, var request) ->
                answer(call, () -> new FromRunner.Count(call, engine().count(request)));
            case ToRunner.Tokenize(var _, var text, var addSpecial) ->
                answer(call, () -> new FromRunner.Tokens(call, engine().tokenize(text, addSpecial)));
            case ToRunner.Detokenize(var _, var tokens) ->
                answer(call, () -> new FromRunner.Bytes(call, engine().detokenize(tokens)));
            case ToRunner.End _ -> {}
            case ToRunner.Ping _ -> outbox.send(new FromRunner.Pong(call, steps.now()));
        }
    }

    private static void requireSame(int version) throws IOException {
        if (version != Protocol.PROTOCOL_VERSION) {
            throw new IOException("the server speaks version %d of the protocol, and this process version %d"
                    .formatted(version, Protocol.PROTOCOL_VERSION));
        }
    }

    private Engine engine() {
        var loaded = engine;
        if (loaded == null) {
            throw new InvalidRequest("this process has no model yet");
        }
        return loaded;
    }

    private FromRunner load(long call, EngineSpec spec, Loading loading) {
        var loaded = loader.load(spec, loading);
        engine = loaded;
        return new FromRunner.Loaded(call, loaded.facts(), loaded.memory());
    }

    private FromRunner quantize(ToRunner.Quantize what, Loading progress) {
        quantizers.apply(what.threads()).quantize(what.files(), what.output(), what.plan(), progress);
        return new FromRunner.Done(what.call());
    }

    private void generate(long call, GenerationRequest request) {
        var loaded = engine();
        var generation = new RunningGeneration(call, outbox, () -> generations.remove(call));
        generations.put(call, generation);
        loaded.generate(request, bytes -> outbox.send(new FromRunner.Prepared(call, bytes)))
                .subscribe()
                .withSubscriber(generation);
    }

    /** Answers on a thread that may be held up. */
    private void answer(long call, Supplier<FromRunner> work) {
        threads.execute(() -> {
            try {
                outbox.send(work.get());
            } catch (RuntimeException | Error failed) {
                outbox.fail(call, failed);
            }
        });
    }

    private <T> void answer(long call, Uni<T> work, Function<T, FromRunner> message) {
        work.subscribe().with(result -> outbox.send(message.apply(result)), failure -> outbox.fail(call, failure));
    }
}
