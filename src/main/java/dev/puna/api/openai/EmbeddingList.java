// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.openai;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import dev.puna.api.http.StreamedResponse;
import dev.puna.api.http.framing.JsonPiece;
import dev.puna.api.json.RecordJson;
import dev.puna.api.openai.request.EmbeddingRequest;
import dev.puna.api.openai.wire.EmbeddingObject;
import dev.puna.engine.EmbeddingResult;
import dev.puna.inference.EmbeddingOutcome;
import dev.puna.inference.EmbeddingOutcome.InParts;
import dev.puna.inference.EmbeddingOutcome.Loaded;
import dev.puna.inference.EmbeddingOutcome.Together;
import dev.puna.inference.vector.Vectors;
import io.smallrye.mutiny.Multi;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** The answer of {@code /v1/embeddings}, whole or written part by part. <b>Threads:</b> one after the other, any; for one answer. */
final class EmbeddingList {
    private final EmbeddingRequest request;
    private int promptTokens;
    private int written;

    EmbeddingList(EmbeddingRequest request) {
        this.request = requireNonNull(request, "request is null");
    }

    StreamedResponse of(EmbeddingOutcome outcome) {
        return switch (outcome) {
            case Loaded _ -> throw new IllegalStateException("a request without texts is refused");
            case Together(var result) -> StreamedResponse.wholeBare(result.map(this::whole));
            case InParts(var results) -> StreamedResponse.pieces(pieces(results));
        };
    }

    private EmbeddingObject.Listing whole(EmbeddingResult result) {
        return new EmbeddingObject.Listing("list", objects(result), model(), usage(result.promptTokens()));
    }

    private Multi<JsonPiece> pieces(Multi<EmbeddingResult> results) {
        return Multi.createBy()
                .concatenating()
                .streams(results.map(this::piece), Multi.createFrom().item(this::end));
    }

    private JsonPiece piece(EmbeddingResult result) {
        promptTokens += result.promptTokens();
        var out = new ByteArrayOutputStream();
        var first = written == 0;
        for (var object : objects(result)) {
            out.writeBytes((first ? "{\"object\":\"list\",\"data\":[" : ",").getBytes(UTF_8));
            first = false;
            out.writeBytes(RecordJson.bytes(object));
        }
        return new JsonPiece(out.toByteArray());
    }

    private JsonPiece end() {
        var out = new ByteArrayOutputStream();
        out.writeBytes("],\"model\":".getBytes(UTF_8));
        out.writeBytes(RecordJson.bytes(model()));
        out.writeBytes(",\"usage\":".getBytes(UTF_8));
        out.writeBytes(RecordJson.bytes(usage(promptTokens)));
        out.write('}');
        return new JsonPiece(out.toByteArray());
    }

    private List<EmbeddingObject> objects(EmbeddingResult result) {
        var objects = new ArrayList<EmbeddingObject>(result.embeddings().size());
        for (var vector : result.embeddings()) {
            var cut = Vectors.cut(vector, request.dimensions());
            objects.add(EmbeddingObject.of(request.base64() ? bytes(cut) : cut, written++));
        }
        return objects;
    }

    /** Little-endian, as clients of this form expect. */
    private static byte[] bytes(float[] vector) {
        var bytes = new byte[Float.BYTES * vector.length];
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().put(vector);
        return bytes;
    }

    private String model() {
        return request.input().model().name();
    }

    private static EmbeddingObject.Usage usage(int tokens) {
        return new EmbeddingObject.Usage(tokens, tokens);
    }
}
