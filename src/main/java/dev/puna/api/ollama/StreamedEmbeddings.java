// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.ollama;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.puna.api.http.framing.JsonPiece;
import dev.puna.api.json.RecordJson;
import dev.puna.engine.EmbeddingResult;
import dev.puna.inference.vector.Vectors;
import io.smallrye.mutiny.Multi;
import java.io.ByteArrayOutputStream;

/**
 * The answer of {@code /api/embed} to so many texts that their vectors are not held together: each part is written as it comes. The
 * same JSON as an {@code EmbedResponse}. <b>Threads:</b> one after the other, any; for one answer.
 */
final class StreamedEmbeddings {
    private final EmbeddingAnswers answer;
    private long promptTokens;
    private boolean begun;

    StreamedEmbeddings(EmbeddingAnswers answer) {
        this.answer = answer;
    }

    /** The answer in pieces. */
    Multi<JsonPiece> pieces(Multi<EmbeddingResult> results) {
        return Multi.createBy()
                .concatenating()
                .streams(results.map(this::piece), Multi.createFrom().item(this::end));
    }

    private JsonPiece piece(EmbeddingResult result) {
        promptTokens += result.promptTokens();
        var out = new ByteArrayOutputStream();
        if (!begun) {
            out.writeBytes("{\"model\":".getBytes(UTF_8));
            out.writeBytes(RecordJson.bytes(answer.model()));
            out.writeBytes(",\"embeddings\":[".getBytes(UTF_8));
        }
        for (var vector : result.embeddings()) {
            if (begun) {
                out.write(',');
            }
            begun = true;
            out.writeBytes(RecordJson.bytes(Vectors.cut(vector, answer.dimensions())));
        }
        return new JsonPiece(out.toByteArray());
    }

    private JsonPiece end() {
        var clock = answer.clock();
        var tokens = promptTokens > 0 ? ",\"prompt_eval_count\":" + promptTokens : "";
        return new JsonPiece("],\"total_duration\":%d,\"load_duration\":%d%s}"
                .formatted(clock.totalNanos(), Math.max(1, clock.loadNanos()), tokens)
                .getBytes(UTF_8));
    }
}
