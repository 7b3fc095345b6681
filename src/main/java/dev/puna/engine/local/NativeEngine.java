// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.local;

import static java.util.Objects.requireNonNull;

import dev.puna.engine.EmbeddingRequest;
import dev.puna.engine.EmbeddingResult;
import dev.puna.engine.Engine;
import dev.puna.engine.EngineFacts;
import dev.puna.engine.EngineMemory;
import dev.puna.engine.GenerationEvent;
import dev.puna.engine.GenerationRequest;
import dev.puna.engine.Prompt;
import dev.puna.engine.RankRequest;
import dev.puna.engine.RankResult;
import dev.puna.engine.prompt.ChatTemplate;
import dev.puna.engine.prompt.JinjaTemplate;
import dev.puna.engine.prompt.PreparedPrompt;
import dev.puna.engine.prompt.PromptBuilder;
import dev.puna.engine.response.ResponseParser;
import dev.puna.engine.response.ResponseParsers;
import dev.puna.engine.stream.EventStream;
import dev.puna.failure.Failure;
import dev.puna.failure.NativeFailure;
import dev.puna.failure.NoEmbeddings;
import dev.puna.llama.ChatFormat;
import dev.puna.llama.ChatParser;
import dev.puna.llama.JsonSchemas;
import dev.puna.llama.Projector;
import dev.puna.llama.Sampler;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Flow.Subscriber;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongConsumer;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * A generative model in this process.
 *
 * <p><b>Owns</b> the model, its chat format, the decode loop, and the threads that prepare prompts.
 */
final class NativeEngine implements Engine {

    private static final Logger LOG = Logger.getLogger(NativeEngine.class);

    /** An answer without a limit of its own ends at this many contexts. Source: contract 1.4. */
    private static final int CONTEXTS_PER_ANSWER = 10;

    /** Encoded images that are remembered; a large one takes some tens of megabytes. */
    private static final long MOST_BYTES_OF_IMAGES = 256L << 20;

    private final NativeModel model;
    private final ChatFormat format;
    private final EngineFacts facts;
    private final Optional<VisionEncoder> vision;
    private final PromptBuilder prompts;
    private final Samplers samplers;
    private final ResponseParsers parsers;
    private final DecodeLoop loop;
    private final ExecutorService workers;
    private volatile boolean closing;

    NativeEngine(NativeModel model, ChatFormat format, boolean lenientTools, Runnable afterStep) {
        this(model, format, lenientTools, afterStep, new StepCosts());
    }

    /** {@code costs}: what its steps are planned by. */
    NativeEngine(NativeModel model, ChatFormat format, boolean lenientTools, Runnable afterStep, StepCosts costs) {
        this.model = model;
        this.format = format;
        this.facts = model.facts();
        var spec = model.spec();
        var vocabulary = model.vocabulary();
        this.vision = model.projector().map(projector -> visionEncoder(projector, model));
        this.prompts = new PromptBuilder(
                vocabulary,
                new ChatTemplate(jinja(format), vocabulary),
                vision.map(encoder -> encoder::tokenize),
                spec.contextLength());
        this.samplers = new Samplers(model.model());
        this.parsers = new ResponseParsers(
                ChatParser::open, (tool, arguments) -> JsonSchemas.takes(tool.json(), arguments), lenientTools);
        this.workers = Executors.newCachedThreadPool(Thread.ofPlatform()
                .name("prompt-" + spec.name() + "-", 0)
                .daemon()
                .factory());
        this.loop = new DecodeLoop(
                model, new StepPlan(costs), new TokenProcessor(vocabulary, spec.contextLength(), workers), afterStep);
        loop.start();
    }

    @Override
    public EngineFacts facts() {
        return facts;
    }

    @Override
    public EngineMemory memory() {
        return model.memory();
    }

    @Override
    public String render(GenerationRequest request) {
        return prompts.build(request).text();
    }

    @Override
    public int count(GenerationRequest request) {
        return prompts.count(request);
    }

    @Override
    public Multi<GenerationEvent> generate(GenerationRequest request, LongConsumer prepared) {
        // Operators of Mutiny keep references to their sources, so this one drops its reference to the request.
        var once = new AtomicReference<@Nullable GenerationRequest>(request);
        return Multi.createFrom()
                .publisher(subscriber -> generate(
                        requireNonNull(once.getAndSet(null), "a generation is subscribed to once"),
                        prepared,
                        subscriber));
    }

    @Override
    public Uni<EmbeddingResult> embed(EmbeddingRequest request) {
        return Uni.createFrom().failure(NoEmbeddings::new);
    }

    @Override
    public Uni<RankResult> rank(RankRequest request) {
        return Uni.createFrom().failure(EmbeddingEngine::cannotRank);
    }

    @Override
    public List<Integer> tokenize(String text, boolean addSpecial) {
        return model.tokenize(text, addSpecial);
    }

    @Override
    public byte[] detokenize(List<Integer> tokens) {
        return model.detokenize(tokens);
    }

    /** The number of generations that run or wait. */
    int activeRequests() {
        return loop.unfinished();
    }

    @Override
    public void close() {
        closing = true;
        loop.close();
        workers.close();
        format.close();
        model.close();
    }

    private void generate(
            GenerationRequest request, LongConsumer prepared, Subscriber<? super GenerationEvent> subscriber) {
        var stream = new EventStream(subscriber, EventStream.ENDS, loop::wake, loop::interruptLongStep);
        subscriber.onSubscribe(stream);
        workers.execute(() -> {
            try {
                prepareAndSubmit(request, prepared, stream);
            } catch (Failure failure) {
                stream.fail(failure);
            } catch (RuntimeException unexpected) {
                LOG.error("prompt could not be prepared", unexpected);
                stream.fail(new NativeFailure("the prompt could not be prepared: " + unexpected, unexpected));
            }
        });
    }

    private void prepareAndSubmit(GenerationRequest request, LongConsumer prepared, EventStream stream) {
        if (stream.cancelled()) {
            return;
        }
        model.check(request.adapters());
        var prompt = prompts.build(request, () -> closing || stream.cancelled()).checkedForAnswer();
        var vectors = vision.map(encoder ->
                        encoder.encode(prompt.tokens(), prompt.images(), () -> closing || stream.cancelled()))
                .orElse(Map.of());
        if (stream.cancelled()) {
            return;
        }
        var limit = CONTEXTS_PER_ANSWER * (long) facts.contextLength();
        var asked = request.options().numPredict();
        // Clients send 0 for what they leave open, so that it sets no limit either.
        var mostTokens = (int) Math.min(asked <= 0 ? limit : asked, Math.min(limit, Integer.MAX_VALUE));
        var systemPart = loop.wantsSystemParts() && prompt.tokens().size() > KeptPrefixes.SHORTEST
                ? prompts.systemPart(request, prompt.tokens(), () -> closing || stream.cancelled())
                : 0;
        var sampler = sampler(request, prompt);
        ResponseParser parser;
        try {
            parser = parsers.open(prompt.responseFormat());
        } catch (RuntimeException failed) {
            sampler.close();
            throw failed;
        }
        var kept = prompt.kept(request.returnContext());
        prepared.accept(kept.weight());
        var sequence = new Sequence(kept, vectors, request.withoutPrompt(), stream, sampler, parser, mostTokens);
        if (request.prompt() instanceof Prompt.Conversation) {
            sequence.landmarks().ofConversation(systemPart);
        }
        loop.submit(sequence);
    }

    /** Lives as long as the format, which it borrows. */
    static JinjaTemplate jinja(ChatFormat format) {
        var capabilities = format.capabilities();
        return new JinjaTemplate(
                format::apply, capabilities.parallelToolCalls(), capabilities.thinking(), JsonSchemas::toGrammar);
    }

    private static VisionEncoder visionEncoder(Projector projector, NativeModel model) {
        var most = Math.min(MOST_BYTES_OF_IMAGES, Runtime.getRuntime().maxMemory() / 8);
        return new VisionEncoder(projector, model.turns(), model.context().physicalBatchSize(), most);
    }

    private Sampler sampler(GenerationRequest request, PreparedPrompt prompt) {
        var sampler = samplers.open(request, prompt.responseFormat());
        try {
            sampler.acceptPrompt(prompt.tokens().text());
            return sampler;
        } catch (RuntimeException failed) {
            sampler.close();
            throw failed;
        }
    }
}
