// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.local;

import dev.puna.engine.EmbeddingRequest;
import dev.puna.engine.RankRequest;
import dev.puna.failure.InvalidRequest;
import dev.puna.llama.Vocabulary;
import dev.puna.tokenization.TextTokens;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Texts as the tokens that an embedding model takes, each no longer than its context. <b>Threads:</b> any. */
final class EmbeddingTexts {
    /** What the makers of some rerankers say about the prompt: a text with places for both. */
    private static final String RERANK_TEMPLATE = "tokenizer.chat_template.rerank";

    private final Vocabulary vocabulary;
    private final int contextLength;
    private final Optional<String> rerankTemplate;

    EmbeddingTexts(NativeModel model) {
        this.vocabulary = model.vocabulary();
        this.contextLength = model.spec().contextLength();
        this.rerankTemplate = Optional.ofNullable(model.model().metadata().get(RERANK_TEMPLATE));
    }

    /** The texts of a request. */
    List<int[]> of(EmbeddingRequest request) {
        return request.inputs().stream().map(text -> text(text, request)).toList();
    }

    private int[] text(String text, EmbeddingRequest request) {
        var all = vocabulary.tokens(text, true, () -> {});
        if (all.countUpTo(contextLength) <= contextLength) {
            return all.all();
        }
        if (!request.truncate()) {
            throw new InvalidRequest("the input length exceeds the context length");
        }
        return cut(all, Math.min(contextLength, request.most()));
    }

    /** Shortens to so many tokens, keeping the last token: models of this kind end every text with a separator. */
    private int[] cut(TextTokens tokens, int most) {
        var special = (vocabulary.addsBos() ? 1 : 0) + (vocabulary.addsEos() ? 1 : 0);
        if (most <= special) {
            throw new InvalidRequest("input after truncation exceeds maximum context length");
        }
        var shorter = tokens.first(most);
        if (vocabulary.addsEos()) {
            shorter[most - 1] = tokens.last(1)[0];
        }
        return shorter;
    }

    /** The query with each document, as llama.cpp's server puts them together. */
    List<int[]> of(RankRequest request) {
        return rerankTemplate.map(template -> byTemplate(template, request)).orElseGet(() -> sideBySide(request));
    }

    private List<int[]> sideBySide(RankRequest request) {
        var before = new Tokens();
        before.add(vocabulary.addsBos() ? vocabulary.bos() : OptionalInt.empty());
        before.add(plain(request.query()));
        before.add(vocabulary.addsEos() ? vocabulary.eos() : OptionalInt.empty());
        before.add(vocabulary.addsSep() ? vocabulary.sep() : OptionalInt.empty());
        var after = new Tokens();
        after.add(vocabulary.addsEos() ? vocabulary.eos() : OptionalInt.empty());
        return around(before, after, request);
    }

    /** What comes before the document and what comes after it is split by itself, so that only the document is cut. */
    private List<int[]> byTemplate(String template, RankRequest request) {
        var place = template.indexOf("{document}");
        if (place < 0) {
            throw new InvalidRequest("the model's own text for ranking has no place for a document");
        }
        var before = new Tokens();
        before.add(plain(template.substring(0, place).replace("{query}", request.query())));
        var after = new Tokens();
        after.add(plain(template.substring(place + "{document}".length()).replace("{query}", request.query())));
        return around(before, after, request);
    }

    private List<int[]> around(Tokens before, Tokens after, RankRequest request) {
        var room = contextLength - before.size() - after.size();
        if (room < 1) {
            throw new InvalidRequest(
                    "the query is longer than the model's context of %d tokens".formatted(contextLength));
        }
        var pairs = new ArrayList<int[]>();
        for (var document : request.documents()) {
            var tokens = vocabulary.tokens(document, false, () -> {});
            var fits = tokens.countUpTo(room) <= room;
            if (!fits && !request.truncate()) {
                throw new InvalidRequest("documents[%d] with the query is longer than the model's context of %d tokens"
                        .formatted(pairs.size(), contextLength));
            }
            pairs.add(before.with(fits ? tokens.all() : tokens.first(room), after));
        }
        return pairs;
    }

    private int[] plain(String text) {
        return vocabulary.tokenize(text, false, true);
    }

    /** Tokens that are put together. */
    private static final class Tokens {
        private int[] ids = new int[0];

        void add(OptionalInt token) {
            token.ifPresent(id -> add(new int[] {id}));
        }

        void add(int[] more) {
            var both = Arrays.copyOf(ids, ids.length + more.length);
            System.arraycopy(more, 0, both, ids.length, more.length);
            ids = both;
        }

        int size() {
            return ids.length;
        }

        int[] with(int[] middle, Tokens after) {
            var all = new Tokens();
            all.add(ids);
            all.add(middle);
            all.add(after.ids);
            return all.ids;
        }
    }
}
