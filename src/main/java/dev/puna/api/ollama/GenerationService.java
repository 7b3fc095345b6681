// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.ollama;

import static java.util.Objects.requireNonNull;

import dev.puna.api.http.ContentTypes;
import dev.puna.api.http.NdjsonStream;
import dev.puna.api.ollama.wire.DebugInfo;
import dev.puna.engine.GenerationEvent;
import dev.puna.engine.GenerationEvent.Text;
import dev.puna.engine.GenerationRequest;
import dev.puna.engine.OutputFormat;
import dev.puna.failure.NotFound;
import dev.puna.model.BuiltInFormats;
import dev.puna.scheduling.LeaseRequest;
import dev.puna.scheduling.LeaseScope;
import dev.puna.scheduling.Scheduling;
import dev.puna.store.InstalledModel;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * What {@code /api/generate} and {@code /api/chat} do alike: check the request in Ollama's order, lease the model, let it answer.
 *
 * <p><b>Threads:</b> the checks read the store, so they need a worker thread; answers come on the engine's threads.
 */
@Singleton
final class GenerationService {
    private final ModelLookup models;
    private final CapabilityResolver abilities;
    private final Scheduling scheduling;

    GenerationService(ModelLookup models, CapabilityResolver abilities, Scheduling scheduling) {
        this.models = models;
        this.abilities = abilities;
        this.scheduling = scheduling;
    }

    /** The answer to a task; what is wrong with it is thrown before anything is loaded. */
    <C> NdjsonStream answer(RequestHandler<C> task, RequestClock clock) {
        return answer(task, clock, _ -> {});
    }

    /**
     * The same for a request whose memory is counted.
     *
     * @param prepared told on any thread that the task's texts are no longer needed, and how many bytes still are
     */
    <C> NdjsonStream answer(RequestHandler<C> task, RequestClock clock, LongConsumer prepared) {
        var fields = task.fields();
        var model = find(task);
        if (task.empty() && fields.unloads()) {
            scheduling.expire(model.name());
            return one(Uni.createFrom().item(task.reply(clock, "unload")));
        }
        var able = abilities.of(model);
        var demands = new CapabilityCheck(fields.model(), model, able.capabilities());
        var wanted = fields.think().resolved(demands.controls());
        demands.refuseImageGeneration();
        task.check();
        var thinking = demands.thinking(wanted);
        demands.require(task.verb(), task.needs());
        demands.requireSight(task.images());
        if (!task.empty()) {
            BuiltInFormats.requireKnownRenderer(model.config());
        }
        var options = RequestOptions.merge(abilities.sampling(model), model, fields.options());
        var lease = new LeaseRequest(model, options.runner(), fields.keepAlive());
        if (task.empty()) {
            return one(LeaseScope.once(
                    scheduling.lease(lease), _ -> Uni.createFrom().item(() -> task.reply(clock, "load"))));
        }
        var generation = new GenerationRequest(
                task.prompt(model, thinking, able.templates()),
                options.generation(),
                fields.format().map(CapabilityCheck::format).orElseGet(OutputFormat.Free::new),
                fields.truncate(),
                fields.shift().orElseGet(demands::shifts),
                task.returnsContext(),
                fields.topLogprobs());
        return fields.debugRenderOnly()
                ? one(rendered(task, lease, generation, clock))
                : generated(task, events(lease, generation, clock, prepared), clock);
    }

    private InstalledModel find(RequestHandler<?> task) {
        try {
            return task.find(models);
        } catch (NotFound e) {
            task.fields().think().check();
            throw e;
        }
    }

    private <C> Uni<C> rendered(
            RequestHandler<C> task, LeaseRequest lease, GenerationRequest generation, RequestClock clock) {
        return LeaseScope.once(scheduling.lease(lease), granted -> Uni.createFrom()
                .item(() -> granted.engine().render(generation))
                .map(text -> task.rendered(clock, new DebugInfo(text, task.images()))));
    }

    private static <C> NdjsonStream generated(
            RequestHandler<C> task, Multi<GenerationEvent> events, RequestClock clock) {
        var answers = task.answers(clock);
        if (!task.fields().stream()) {
            return one(events.collect().in(answers, ResponseBuilder::add).map(ResponseBuilder::whole));
        }
        return lines(Multi.createFrom().deferred(() -> {
            var answer = answers.get();
            return events.select().where(GenerationService::saysSomething).map(answer::chunk);
        }));
    }

    private Multi<GenerationEvent> events(
            LeaseRequest lease, GenerationRequest generation, RequestClock clock, LongConsumer prepared) {
        // Those who subscribe hold on to this until the answer is out, but a conversation is not needed once it is
        // tokens.
        var whole = new AtomicReference<@Nullable GenerationRequest>(generation);
        return LeaseScope.stream(scheduling.lease(lease), granted -> {
            clock.loaded();
            return granted.engine().generate(requireNonNull(whole.get(), "a prompt is made once"), left -> {
                whole.set(null);
                prepared.accept(left);
            });
        });
    }

    private static NdjsonStream one(Uni<?> object) {
        return new NdjsonStream(object.toMulti(), ContentTypes.JSON, ContentTypes.JSON, false);
    }

    private static NdjsonStream lines(Multi<?> objects) {
        return new NdjsonStream(objects, ContentTypes.NDJSON, ContentTypes.BARE_JSON, true);
    }

    private static boolean saysSomething(GenerationEvent event) {
        return !(event instanceof Text(var piece, var logprobs)) || !piece.isEmpty() || !logprobs.isEmpty();
    }
}
