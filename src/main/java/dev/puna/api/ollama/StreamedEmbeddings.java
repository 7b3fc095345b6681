// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.ollama;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.puna.api.http.JsonPiece;
import dev.puna.api.json.RecordJson;
import dev.puna.engine.EmbeddingRequest;
import dev.puna.engine.EmbeddingResult;
import dev.puna.engine.Engine;
import dev.puna.failure.InvalidRequest;
import io.smallrye.mutiny.Multi;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The answer of {@code /api/embed} to so many texts that their vectors are not held together: some texts at a time are embedded
 * and written, the next when the client has taken those. The same JSON as an {@code EmbedResponse}. <b>Threads:</b> one after the
 * other, any.
 */
final class StreamedEmbeddings {
    /** Texts that are embedded and answered together. */
    static final int TOGETHER = 512;

    /** In UTF-8; a character outside the plane of 16 bits is two of Java's. */
    private static final long MOST_BYTES_OF_A_CHAR = 3;

    private final EmbedRequest request;
    private final List<String> texts;
    private final int most;
    private final RequestClock clock;
    private long promptTokens;
    private boolean begun;

    /**
     * @param most tokens that a text too long is cut to
     */
    StreamedEmbeddings(EmbedRequest request, List<String> texts, int most, RequestClock clock) {
        this.request = request;
        this.texts = texts;
        this.most = most;
        this.clock = clock;
    }

    /** The answer in pieces; what is wrong with any text is said before the first. */
    Multi<JsonPiece> pieces(Engine engine) {
        var special = engine.tokenize("").size();
        if (!request.truncate()) {
            requireShort(engine, "the input length exceeds the context length");
        } else if (most <= special) {
            requireShort(engine, "input after truncation exceeds maximum context length");
        }
        var starts = IntStream.iterate(0, start -> start < texts.size(), start -> start + TOGETHER);
        var vectors = Multi.createFrom()
                .items(starts.boxed())
                .onItem()
                .transformToUniAndConcatenate(start -> engine.embed(part(start)).map(this::piece));
        return Multi.createBy()
                .concatenating()
                .streams(vectors, Multi.createFrom().item(this::end));
    }

    private EmbeddingRequest part(int start) {
        var end = Math.min(texts.size(), start + TOGETHER);
        return new EmbeddingRequest(texts.subList(start, end), request.truncate(), most);
    }

    /** A text of fewer bytes than the context has tokens fits, with those that begin and end it. */
    private void requireShort(Engine engine, String refusal) {
        var longest = engine.facts().contextLength();
        for (var text : texts) {
            if (text.length() * MOST_BYTES_OF_A_CHAR > longest - 2
                    && engine.tokenize(text).size() > longest) {
                throw new InvalidRequest(refusal);
            }
        }
    }

    private JsonPiece piece(EmbeddingResult result) {
        promptTokens += result.promptTokens();
        var out = new ByteArrayOutputStream();
        if (!begun) {
            out.writeBytes("{\"model\":".getBytes(UTF_8));
            out.writeBytes(RecordJson.bytes(request.model()));
            out.writeBytes(",\"embeddings\":[".getBytes(UTF_8));
        }
        for (var vector : result.embeddings()) {
            if (begun) {
                out.write(',');
            }
            begun = true;
            out.writeBytes(RecordJson.bytes(Vectors.cut(vector, request.dimensions())));
        }
        return new JsonPiece(out.toByteArray());
    }

    private JsonPiece end() {
        var tokens = promptTokens > 0 ? ",\"prompt_eval_count\":" + promptTokens : "";
        return new JsonPiece("],\"total_duration\":%d,\"load_duration\":%d%s}"
                .formatted(clock.totalNanos(), Math.max(1, clock.loadNanos()), tokens)
                .getBytes(UTF_8));
    }
}
