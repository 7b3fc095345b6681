// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.ollama;

import dev.puna.api.http.StreamedResponse;
import dev.puna.api.ollama.wire.DebugInfo;
import dev.puna.inference.GenerationOutcome;
import dev.puna.inference.GenerationOutcome.Generated;
import dev.puna.inference.GenerationOutcome.Loaded;
import dev.puna.inference.GenerationOutcome.Rendered;
import dev.puna.inference.GenerationOutcome.Unloaded;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.util.function.Supplier;

/** What {@code /api/generate} and {@code /api/chat} answer, by what becomes of the request. Source: contract 1.3 and 1.4. */
final class GenerationAnswers {
    private GenerationAnswers() {}

    /**
     * The answer in lines, or in one object.
     *
     * @param stream whether what is generated comes piece by piece
     * @param builders one builder for each subscription
     */
    static <C> StreamedResponse of(
            GenerationOutcome outcome, boolean stream, Supplier<? extends ResponseBuilder<C>> builders) {
        return switch (outcome) {
            case Unloaded _ ->
                StreamedResponse.whole(Uni.createFrom().item(builders.get().reply("unload")));
            case Loaded(var ready) ->
                StreamedResponse.whole(ready.map(_ -> builders.get().reply("load")));
            case Rendered(var prompt, var images, var _) ->
                StreamedResponse.whole(prompt.map(text -> builders.get().rendered(new DebugInfo(text, images))));
            case Generated(var events)
            when stream -> StreamedResponse.lines(Multi.createFrom().deferred(() -> events.map(builders.get()::chunk)));
            case Generated(var events) ->
                StreamedResponse.whole(
                        events.collect().in(builders::get, ResponseBuilder::add).map(ResponseBuilder::whole));
        };
    }
}
