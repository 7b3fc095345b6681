// SPDX-License-Identifier: Apache-2.0
package dev.puna.support;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.puna.engine.EmbeddingRequest;
import dev.puna.engine.EmbeddingResult;
import dev.puna.engine.Engine;
import dev.puna.engine.EngineFacts;
import dev.puna.engine.EngineMemory;
import dev.puna.engine.EngineSpec;
import dev.puna.engine.GenerationEvent;
import dev.puna.engine.GenerationRequest;
import dev.puna.engine.Prompt;
import dev.puna.engine.RankRequest;
import dev.puna.engine.RankResult;
import dev.puna.failure.Cancelled;
import dev.puna.failure.Failure;
import dev.puna.failure.InvalidRequest;
import dev.puna.failure.NativeFailure;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * An engine that answers from a {@link Script} and writes down what it was asked.
 *
 * <p>A token is a code point. Embeddings have length 1 and depend on the text only. Any thread.
 */
public final class ScriptedEngine implements Engine {
    private static final int EMBEDDING_LENGTH = 8;

    private final EngineSpec spec;
    private final EngineMemory memory;
    private final Supplier<Script> script;
    private final List<GenerationRequest> requests = new CopyOnWriteArrayList<>();
    private final List<EmbeddingRequest> embeddingRequests = new CopyOnWriteArrayList<>();
    private final AtomicInteger active = new AtomicInteger();
    private final AtomicInteger emitted = new AtomicInteger();
    private final AtomicInteger cancellations = new AtomicInteger();
    private final AtomicInteger closings = new AtomicInteger();
    private final CompletableFuture<Void> closed = new CompletableFuture<>();
    private final CompletableFuture<Failure> died = new CompletableFuture<>();

    ScriptedEngine(EngineSpec spec, EngineMemory memory, Supplier<Script> script) {
        this.spec = spec;
        this.memory = memory;
        this.script = script;
    }

    /** What it was loaded with. */
    public EngineSpec spec() {
        return spec;
    }

    public List<GenerationRequest> requests() {
        return requests;
    }

    public List<EmbeddingRequest> embeddingRequests() {
        return embeddingRequests;
    }

    /** Events given out, over all generations. */
    public int emitted() {
        return emitted.get();
    }

    /** Generations whose subscriber left before the end. */
    public int cancellations() {
        return cancellations.get();
    }

    /** How often {@link #close()} was called; more than once is somebody's mistake. */
    public int closings() {
        return closings.get();
    }

    /** Ends it as a crash does; whoever asks to be told later is told at once. */
    public void dies() {
        dies(new NativeFailure("it crashed"));
    }

    /** The same, for a reason. */
    public void dies(Failure reason) {
        died.complete(reason);
    }

    @Override
    public void onDeath(Consumer<Failure> action) {
        var _ = died.thenAccept(action);
    }

    @Override
    public EngineFacts facts() {
        return new EngineFacts(spec.contextLength(), spec.sequences());
    }

    @Override
    public EngineMemory memory() {
        return memory;
    }

    /** A token for each word of the text. */
    @Override
    public int count(GenerationRequest request) {
        requests.add(request);
        return render(request).split("\\s+").length;
    }

    @Override
    public String render(GenerationRequest request) {
        return switch (request.prompt()) {
            case Prompt.Raw raw -> raw.text();
            case Prompt.Tokens given -> given.tokens().toString();
            case Prompt.FillIn gap -> gap.prefix() + "<gap>" + gap.suffix();
            case Prompt.Conversation conversation -> {
                var text = new StringBuilder();
                for (var message : conversation.messages()) {
                    text.append("<|im_start|>").append(message.role()).append('\n');
                    text.append(message.content()).append("<|im_end|>\n");
                }
                yield text.append("<|im_start|>assistant\n").toString();
            }
        };
    }

    @Override
    public Multi<GenerationEvent> generate(GenerationRequest request, LongConsumer prepared) {
        return Multi.createFrom().deferred(() -> {
            requests.add(request);
            active.incrementAndGet();
            return play(script.get())
                    .onItem()
                    .invoke(emitted::incrementAndGet)
                    .onCancellation()
                    .invoke(cancellations::incrementAndGet)
                    .onTermination()
                    .invoke(active::decrementAndGet);
        });
    }

    private Multi<GenerationEvent> play(Script script) {
        var events = script.endless()
                ? Multi.createFrom().<Integer, GenerationEvent>generator(() -> 0, (at, emitter) -> {
                    emitter.emit(script.events().get(at));
                    return (at + 1) % script.events().size();
                })
                : Multi.createFrom().iterable(script.events());
        var end = script.failure().isPresent()
                ? Multi.createFrom().<GenerationEvent>failure(script.failure().get())
                : Multi.createFrom().<GenerationEvent>empty();
        var paced = script.between().isZero() ? events : events.onItem().call(() -> pause(script.between()));
        return Multi.createBy()
                .concatenating()
                .streams(paced, end)
                .onItem()
                .invoke(this::checkOpen)
                .onCompletion()
                .invoke(this::checkOpen);
    }

    /** Ends early when the engine is closed. */
    private Uni<?> pause(Duration between) {
        var time = Uni.createFrom().voidItem().onItem().delayIt().by(between);
        return Uni.join()
                .first(time, Uni.createFrom().completionStage(closed::copy))
                .toTerminate();
    }

    @Override
    public Uni<EmbeddingResult> embed(EmbeddingRequest request) {
        return Uni.createFrom().item(() -> {
            checkOpen();
            embeddingRequests.add(request);
            if (!request.truncate()
                    && request.inputs().stream().anyMatch(text -> text.length() > spec.contextLength())) {
                throw new InvalidRequest("the input length exceeds the context length");
            }
            var vectors = request.inputs().stream().map(this::vector).toList();
            var tokens = request.inputs().stream().mapToInt(text -> text.codePointCount(0, text.length()));
            return new EmbeddingResult(vectors, tokens.sum());
        });
    }

    private float[] vector(String text) {
        var vector = new float[EMBEDDING_LENGTH];
        vector[Math.floorMod(text.hashCode(), vector.length)] = 1;
        return vector;
    }

    /** The score of a document is its length. */
    @Override
    public Uni<RankResult> rank(RankRequest request) {
        return Uni.createFrom().item(() -> {
            checkOpen();
            var scores = request.documents().stream()
                    .map(document -> (float) document.length())
                    .toList();
            return new RankResult(scores, scores.size() * request.query().length());
        });
    }

    /** What is added is a zero. */
    @Override
    public List<Integer> tokenize(String text, boolean addSpecial) {
        var tokens = text.codePoints();
        return (addSpecial ? IntStream.concat(IntStream.of(0), tokens) : tokens)
                .boxed()
                .toList();
    }

    @Override
    public byte[] detokenize(List<Integer> tokens) {
        var text = new StringBuilder();
        for (var token : tokens) {
            if (!Character.isValidCodePoint(token)) {
                throw new InvalidRequest("tokens holds " + token, "tokens");
            }
            text.appendCodePoint(token);
        }
        return text.toString().getBytes(UTF_8);
    }

    /** Number of generations that somebody listens to. */
    public int activeRequests() {
        return active.get();
    }

    @Override
    public void close() {
        closings.incrementAndGet();
        closed.complete(null);
    }

    private void checkOpen() {
        if (closings.get() > 0) {
            throw new Cancelled("the model was unloaded");
        }
    }
}
