// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.ollama;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.puna.api.http.JsonBody;
import dev.puna.api.http.StreamedResponse;
import dev.puna.api.ollama.request.ChatRequest;
import dev.puna.api.ollama.request.DetokenizeRequest;
import dev.puna.api.ollama.request.TokenizeRequest;
import dev.puna.api.ollama.wire.TokensAnswer;
import dev.puna.failure.InvalidRequest;
import dev.puna.inference.GenerationOutcome.Rendered;
import dev.puna.inference.GenerationService;
import dev.puna.inference.RequestClock;
import dev.puna.inference.VocabularyService;
import dev.puna.inference.VocabularyService.Piece;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import java.util.ArrayList;
import java.util.List;

/** {@code POST /api/tokenize}, {@code /api/detokenize} and {@code /api/apply-template}, which Ollama does not have. */
@RegisterForReflection(
        targets = {TokensAnswer.class, TokensAnswer.Content.class, TokensAnswer.Entry.class, TokensAnswer.Prompt.class})
@Path("/api")
public final class TokensResource {
    private final VocabularyService vocabularies;
    private final GenerationService generations;

    TokensResource(VocabularyService vocabularies, GenerationService generations) {
        this.vocabularies = vocabularies;
        this.generations = generations;
    }

    /** A text as tokens. */
    @POST
    @Path("/tokenize")
    public StreamedResponse tokenize(JsonBody body) {
        var clock = RequestClock.start();
        var request = TokenizeRequest.read(body.object("TokenizeRequest"));
        Uni<? extends List<?>> tokens = request.withPieces()
                ? vocabularies
                        .pieces(request.use(), request.text(), request.addSpecial(), clock)
                        .map(TokensResource::entries)
                : vocabularies.tokens(request.use(), request.text(), request.addSpecial(), clock);
        var model = request.use().model().name();
        return StreamedResponse.whole(
                tokens.map(list -> new TokensAnswer(model, list, clock.totalNanos(), clock.loadNanos())));
    }

    private static List<TokensAnswer.Entry> entries(List<Piece> pieces) {
        return pieces.stream()
                .map(piece -> new TokensAnswer.Entry(piece.token(), textOrBytes(piece.bytes())))
                .toList();
    }

    private static Object textOrBytes(byte[] bytes) {
        var text = new String(bytes, UTF_8);
        if (text.indexOf('\uFFFD') < 0) {
            return text;
        }
        var numbers = new ArrayList<Integer>();
        for (var octet : bytes) {
            numbers.add(Byte.toUnsignedInt(octet));
        }
        return numbers;
    }

    /** Tokens as a text. */
    @POST
    @Path("/detokenize")
    public StreamedResponse detokenize(JsonBody body) {
        var clock = RequestClock.start();
        var request = DetokenizeRequest.read(body.object("DetokenizeRequest"));
        var model = request.use().model().name();
        return StreamedResponse.whole(vocabularies
                .text(request.use(), request.tokens(), clock)
                .map(bytes -> new TokensAnswer.Content(
                        model, new String(bytes, UTF_8), clock.totalNanos(), clock.loadNanos())));
    }

    /** A conversation as the text that would go before the model. */
    @POST
    @Path("/apply-template")
    public StreamedResponse applyTemplate(JsonBody body) {
        var clock = RequestClock.start();
        var completion =
                ChatRequest.read(body.object("ChatRequest")).completion().rendered();
        if (completion.messages().isEmpty()) {
            throw new InvalidRequest("messages is empty: it is the conversation to render", "messages");
        }
        var model = completion.parameters().model().name();
        return switch (generations.answer(completion, clock, body::keepOnly)) {
            case Rendered(var prompt, var _, var _) ->
                StreamedResponse.whole(prompt.map(text -> new TokensAnswer.Prompt(model, text)));
            default -> throw new IllegalStateException("a conversation that is only rendered is not answered");
        };
    }
}
