// SPDX-License-Identifier: Apache-2.0
package dev.puna.inference;

import static java.util.Objects.requireNonNull;

import dev.puna.caller.Work;
import dev.puna.engine.Engine;
import dev.puna.engine.GenerationEvent;
import dev.puna.engine.GenerationEvent.Text;
import dev.puna.engine.GenerationRequest;
import dev.puna.failure.NotFound;
import dev.puna.inference.GenerationOutcome.Generated;
import dev.puna.inference.GenerationOutcome.Loaded;
import dev.puna.inference.GenerationOutcome.Rendered;
import dev.puna.inference.GenerationOutcome.Unloaded;
import dev.puna.inference.parallel.ChoiceEvent;
import dev.puna.inference.parallel.ParallelAnswers;
import dev.puna.model.BuiltInFormats;
import dev.puna.scheduling.LeaseRequest;
import dev.puna.store.InstalledModel;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Has models answer: checks the request in Ollama's order, leases the model, lets it generate.
 *
 * <p><b>Threads:</b> the checks read the store, so they need a worker thread; events come on the engine's threads.
 */
@Singleton
public final class GenerationService {
    private final ModelAccess models;
    private final ImageSource images;

    /**
     * Answers of the models that can be got at.
     *
     * @param images fetches those that a request names by their address
     */
    public GenerationService(ModelAccess models, ImageSource images) {
        this.models = models;
        this.images = images;
    }

    /** Refuses images that may not be fetched, for dialects that do so before anything else. */
    public void checkImages(CompletionRequest request) {
        RequestHandler.of(request).imageAddresses().forEach(images::check);
    }

    /**
     * What becomes of a request; what is wrong with it is thrown before anything is loaded.
     *
     * @param clock told when the model is in memory
     * @param memory told when the request's texts are no longer needed
     */
    public GenerationOutcome answer(CompletionRequest request, RequestClock clock, RequestMemory memory) {
        var handler = RequestHandler.of(request);
        var parameters = request.parameters();
        var model = find(parameters);
        if (handler.empty() && parameters.unloads()) {
            models.unload(model);
            return new Unloaded();
        }
        var plan = plan(handler, parameters, model);
        if (plan.generation().isEmpty()) {
            return new Loaded(models.loaded(plan.lease()));
        }
        var generation = plan.generation().get();
        return parameters.renderOnly()
                ? new Rendered(
                        ofPrompt(plan.lease(), clock, engine -> engine.render(generation)),
                        handler.images(),
                        ofPrompt(plan.lease(), clock, engine -> engine.count(generation)))
                : new Generated(events(plan.lease(), generation, clock, memory));
    }

    /**
     * Several answers to one request; what is wrong with it is thrown before anything is loaded.
     *
     * @param prompts what is to be answered by the same model, each with something to go on from
     * @param each how many answers each gets; where there is a seed, they have seeds that follow it
     */
    public Multi<ChoiceEvent> answers(
            List<CompletionRequest> prompts, int each, RequestClock clock, RequestMemory memory) {
        var model = find(prompts.getFirst().parameters());
        var plans = new AtomicReferenceArray<@Nullable Plan>(prompts.stream()
                .map(request -> plan(RequestHandler.of(request), request.parameters(), model))
                .toArray(Plan[]::new));
        return new ParallelAnswers(prompts.size(), each)
                .from(
                        (prompt, answer, prepared) -> {
                            // Whoever reads holds on to the plans, of which the last answer is the end.
                            var plan = requireNonNull(plans.get(prompt), "a prompt is answered so many times");
                            if (answer == each - 1) {
                                plans.set(prompt, null);
                            }
                            var generation = plan.generation().orElseThrow().forAnswer(answer);
                            return events(plan.lease(), generation, clock, prepared::accept);
                        },
                        memory::keepOnly);
    }

    private Plan plan(RequestHandler handler, GenerationParameters parameters, InstalledModel model) {
        var capabilities = models.capabilities(model);
        var check = new CapabilityCheck(parameters.model().name(), model, capabilities);
        var thinking = new ThinkingDecision(parameters.model().name(), model, capabilities);
        var wanted = thinking.wanted(parameters.think());
        check.refuseImageGeneration();
        handler.check();
        var decided = thinking.decided(parameters.think(), wanted);
        check.require(handler.verb(), handler.needs());
        check.requireVision(handler.images());
        if (!handler.empty()) {
            BuiltInFormats.requireKnownRenderer(model.config());
        }
        var options = models.tuned(model, parameters.options());
        var adapters = ModelAdapters.asked(model, parameters.options());
        var work = handler.empty() ? Work.PRESENCE : parameters.renderOnly() ? Work.TOKENS : Work.GENERATION;
        var lease = models.lease(work, model, options, parameters.keepAlive());
        if (handler.empty()) {
            return new Plan(lease, Optional.empty());
        }
        var generation = new GenerationRequest(
                handler.withImages(images::fetched).prompt(model, decided, capabilities),
                options.generation(),
                parameters.format().resolved(),
                parameters.truncate(),
                parameters.shift().orElseGet(check::shifts),
                handler.returnsContext(),
                parameters.promptProgress(),
                parameters.topLogprobs(),
                adapters);
        return new Plan(lease, Optional.of(generation));
    }

    private InstalledModel find(GenerationParameters parameters) {
        try {
            return models.find(parameters.model());
        } catch (NotFound e) {
            parameters.think().check();
            throw e;
        }
    }

    private <T> Uni<T> ofPrompt(LeaseRequest lease, RequestClock clock, Function<Engine, T> work) {
        // A long prompt takes longer than the threads have that serve other requests.
        return models.once(lease, clock, engine -> Uni.createFrom()
                .item(() -> work.apply(engine))
                .runSubscriptionOn(Infrastructure.getDefaultExecutor()));
    }

    private Multi<GenerationEvent> events(
            LeaseRequest lease, GenerationRequest generation, RequestClock clock, RequestMemory memory) {
        // Those who subscribe hold on to this until the answer is out, but a conversation is not needed once it is
        // tokens.
        var whole = new AtomicReference<@Nullable GenerationRequest>(generation);
        var events = models.stream(
                lease,
                clock,
                engine -> engine.generate(requireNonNull(whole.get(), "a prompt is made once"), left -> {
                    whole.set(null);
                    memory.keepOnly(left);
                }));
        return events.select().where(GenerationService::saysSomething);
    }

    private static boolean saysSomething(GenerationEvent event) {
        return !(event instanceof Text(var piece, var logprobs)) || !piece.isEmpty() || !logprobs.isEmpty();
    }

    /**
     * A request that is right.
     *
     * @param lease the model that answers
     * @param generation what it is asked for; nothing if it is only to be in memory
     */
    private record Plan(LeaseRequest lease, Optional<GenerationRequest> generation) {}
}
