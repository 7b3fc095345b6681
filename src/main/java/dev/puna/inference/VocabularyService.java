// SPDX-License-Identifier: Apache-2.0
package dev.puna.inference;

import dev.puna.caller.Work;
import dev.puna.model.KeepAlive;
import dev.puna.scheduling.LeaseRequest;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Texts as the tokens of a model, and back.
 *
 * <p><b>Threads:</b> finding the model reads the store, so it needs a worker thread; the work is done on one, too.
 */
@Singleton
public final class VocabularyService {
    private final ModelAccess models;

    /** Tokens of the models that can be got at. */
    public VocabularyService(ModelAccess models) {
        this.models = models;
    }

    /**
     * A model, and what else a request says of it.
     *
     * @param keepAlive how long the model stays in memory; absent for what it has or the server's default
     * @param options as parsed JSON
     */
    public record Use(ModelReference model, Optional<KeepAlive> keepAlive, Map<String, @Nullable Object> options) {
        public Use {
            options = Collections.unmodifiableMap(new LinkedHashMap<>(options));
        }
    }

    /**
     * The tokens of a text.
     *
     * @param addSpecial whether with those that the model wants around every text
     */
    public Uni<List<Integer>> tokens(Use use, String text, boolean addSpecial, RequestClock clock) {
        return models.once(
                lease(use), clock, engine -> working(Uni.createFrom().item(() -> engine.tokenize(text, addSpecial))));
    }

    /** The same with the bytes of each. */
    public Uni<List<Piece>> pieces(Use use, String text, boolean addSpecial, RequestClock clock) {
        return models.once(
                lease(use),
                clock,
                engine -> working(Uni.createFrom().item(() -> {
                    var pieces = new ArrayList<Piece>();
                    for (var token : engine.tokenize(text, addSpecial)) {
                        pieces.add(new Piece(token, engine.detokenize(List.of(token))));
                    }
                    return pieces;
                })));
    }

    /** What tokens stand for. */
    public Uni<byte[]> text(Use use, List<Integer> tokens, RequestClock clock) {
        return models.once(
                lease(use), clock, engine -> working(Uni.createFrom().item(() -> engine.detokenize(tokens))));
    }

    /**
     * A token.
     *
     * @param bytes what it stands for, maybe a part of a character; the receiver's
     */
    @SuppressWarnings("ArrayRecordComponent")
    public record Piece(int token, byte[] bytes) {}

    private static <T> Uni<T> working(Uni<T> work) {
        return work.runSubscriptionOn(Infrastructure.getDefaultWorkerPool());
    }

    private LeaseRequest lease(Use use) {
        var model = models.find(use.model());
        return models.lease(Work.TOKENS, model, RequestOptions.merge(Map.of(), model, use.options()), use.keepAlive());
    }
}
