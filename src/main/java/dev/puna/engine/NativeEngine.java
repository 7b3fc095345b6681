// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.puna.failure.Failure;
import dev.puna.failure.NativeFailure;
import dev.puna.failure.Unsupported;
import dev.puna.llama.ChatFormat;
import dev.puna.llama.Context;
import dev.puna.llama.LoadedModel;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Flow.Subscriber;
import org.jboss.logging.Logger;

/**
 * A generative model in this process.
 *
 * <p><b>Owns</b> the model, its context, its chat format, the decode loop, and the threads that prepare prompts and
 * tell ends.
 */
final class NativeEngine implements Engine {

    private static final Logger LOG = Logger.getLogger(NativeEngine.class);

    /** An answer without a limit of its own ends at this many contexts. Source: wire contract, section 1.4. */
    private static final int CONTEXTS_PER_ANSWER = 10;

    private final LoadedModel model;
    private final Context context;
    private final ChatFormat format;
    private final EngineFacts facts;
    private final EngineMemory memory;
    private final PromptBuilder prompts;
    private final Samplers samplers;
    private final DecodeLoop loop;
    private final ExecutorService workers;
    private final ExecutorService delivery;

    NativeEngine(EngineSpec spec, LoadedModel model, Context context, ChatFormat format) {
        this.model = model;
        this.context = context;
        this.format = format;
        var vocabulary = model.vocabulary();
        this.memory = NativeMemoryUse.of(context);
        this.facts = new EngineFacts(
                spec.contextLength(),
                model.trainedContextLength(),
                model.embeddingLength(),
                spec.sequences(),
                false,
                model.chatTemplate().isPresent(),
                vocabulary.addsBos());
        this.prompts = new PromptBuilder(vocabulary, new ChatTemplate(format, vocabulary), spec.contextLength());
        this.samplers = new Samplers(model);
        this.workers = Executors.newCachedThreadPool(Thread.ofPlatform()
                .name("prompt-" + spec.name() + "-", 0)
                .daemon()
                .factory());
        this.delivery = Executors.newSingleThreadExecutor(
                Thread.ofPlatform().name("deliver-" + spec.name()).daemon().factory());
        var answers = new Answers(vocabulary, spec.contextLength(), workers);
        this.loop = new DecodeLoop(spec.name(), context, spec.sequences(), model.recurrent(), answers);
        loop.start();
    }

    @Override
    public EngineFacts facts() {
        return facts;
    }

    @Override
    public EngineMemory memory() {
        return memory;
    }

    @Override
    public String render(GenerationRequest request) {
        return prompts.build(request).text();
    }

    @Override
    public Multi<GenerationEvent> generate(GenerationRequest request) {
        return Multi.createFrom().publisher(subscriber -> generate(request, subscriber));
    }

    @Override
    public Uni<EmbeddingResult> embed(EmbeddingRequest request) {
        return Uni.createFrom()
                .failure(
                        () -> new Unsupported("This server does not support embeddings. Start it with `--embeddings`"));
    }

    @Override
    public List<Integer> tokenize(String text) {
        return TokenList.boxed(model.vocabulary().tokenize(text, false, true));
    }

    @Override
    public String detokenize(List<Integer> tokens) {
        return new String(model.vocabulary().bytes(TokenList.unboxed(tokens)), UTF_8);
    }

    @Override
    public int activeRequests() {
        return loop.unfinished();
    }

    @Override
    public void close() {
        loop.close();
        workers.close();
        delivery.shutdown();
        format.close();
        context.close();
        model.close();
    }

    private void generate(GenerationRequest request, Subscriber<? super GenerationEvent> subscriber) {
        var stream = new EventStream(subscriber, delivery, loop::wake, loop::interruptLongStep);
        subscriber.onSubscribe(stream);
        workers.execute(() -> {
            try {
                prepareAndSubmit(request, stream);
            } catch (Failure failure) {
                stream.fail(failure);
            } catch (RuntimeException unexpected) {
                LOG.error("prompt could not be prepared", unexpected);
                stream.fail(new NativeFailure("the prompt could not be prepared: " + unexpected, unexpected));
            }
        });
    }

    private void prepareAndSubmit(GenerationRequest request, EventStream stream) {
        if (stream.cancelled()) {
            return;
        }
        var prompt = prompts.build(request);
        var limit = CONTEXTS_PER_ANSWER * (long) facts.contextLength();
        var asked = request.options().numPredict();
        var mostTokens = (int) Math.min(asked < 0 ? limit : asked, Math.min(limit, Integer.MAX_VALUE));
        var sampler = samplers.open(request);
        try {
            sampler.acceptPrompt(prompt.tokens());
        } catch (RuntimeException failed) {
            sampler.close();
            throw failed;
        }
        loop.submit(new Sequence(prompt, request, stream, sampler, mostTokens));
    }
}
