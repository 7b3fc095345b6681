// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.wire;

import dev.puna.engine.EmbeddingRequest;
import dev.puna.engine.GenerationRequest;
import dev.puna.engine.OutputFormat;
import dev.puna.engine.RankRequest;
import dev.puna.model.AdapterScales;
import java.io.IOException;
import java.util.List;
import java.util.OptionalInt;

/** What an engine is asked, in bodies. */
final class RequestCodec {
    private static final List<Form> FORMS = List.of(Form.values());

    private RequestCodec() {}

    private enum Form {
        FREE,
        JSON,
        GBNF,
        MATCHING,
        SCHEMA
    }

    static void writeGeneration(BodyWriter out, GenerationRequest request) {
        PromptCodec.write(out, request.prompt());
        OptionsCodec.write(out, request.options());
        writeFormat(out, request.format());
        out.flag(request.truncate());
        out.flag(request.shift());
        out.flag(request.returnContext());
        out.flag(request.promptProgress());
        out.flag(request.topLogprobs().isPresent());
        request.topLogprobs().ifPresent(out::int32);
        writeAdapters(out, request.adapters());
    }

    static GenerationRequest readGeneration(BodyReader in) throws IOException {
        return new GenerationRequest(
                PromptCodec.read(in),
                OptionsCodec.read(in),
                readFormat(in),
                in.flag(),
                in.flag(),
                in.flag(),
                in.flag(),
                in.flag() ? OptionalInt.of(in.int32()) : OptionalInt.empty(),
                readAdapters(in));
    }

    private static void writeAdapters(BodyWriter out, AdapterScales adapters) {
        out.list(adapters.values(), BodyWriter::float32);
    }

    private static AdapterScales readAdapters(BodyReader in) throws IOException {
        return new AdapterScales(in.list(BodyReader::float32));
    }

    private static void writeFormat(BodyWriter out, OutputFormat format) {
        switch (format) {
            case OutputFormat.Free _ -> out.one(Form.FREE);
            case OutputFormat.Json _ -> out.one(Form.JSON);
            case OutputFormat.Gbnf gbnf -> {
                out.one(Form.GBNF);
                out.text(gbnf.grammar());
            }
            case OutputFormat.Matching matching -> {
                out.one(Form.MATCHING);
                out.text(matching.expression());
            }
            case OutputFormat.Schema schema -> {
                out.one(Form.SCHEMA);
                out.text(schema.json());
            }
        }
    }

    private static OutputFormat readFormat(BodyReader in) throws IOException {
        return switch (in.oneOf(FORMS)) {
            case FREE -> new OutputFormat.Free();
            case JSON -> new OutputFormat.Json();
            case GBNF -> new OutputFormat.Gbnf(in.text());
            case MATCHING -> new OutputFormat.Matching(in.text());
            case SCHEMA -> new OutputFormat.Schema(in.text());
        };
    }

    static void writeEmbedding(BodyWriter out, EmbeddingRequest request) {
        out.list(request.inputs(), BodyWriter::text);
        out.flag(request.truncate());
        out.int32(request.most());
        writeAdapters(out, request.adapters());
    }

    static EmbeddingRequest readEmbedding(BodyReader in) throws IOException {
        return new EmbeddingRequest(in.list(BodyReader::text), in.flag(), in.int32(), readAdapters(in));
    }

    static void writeRank(BodyWriter out, RankRequest request) {
        out.text(request.query());
        out.list(request.documents(), BodyWriter::text);
        out.flag(request.truncate());
        writeAdapters(out, request.adapters());
    }

    static RankRequest readRank(BodyReader in) throws IOException {
        return new RankRequest(in.text(), in.list(BodyReader::text), in.flag(), readAdapters(in));
    }
}
