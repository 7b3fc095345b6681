// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.wire;

import dev.puna.engine.EmbeddingResult;
import dev.puna.engine.RankResult;
import java.io.IOException;

/** Vectors and scores, in bodies. */
final class ResultCodec {
    private ResultCodec() {}

    static void writeEmbeddings(BodyWriter out, EmbeddingResult result) {
        out.list(result.embeddings(), BodyWriter::float32s);
        out.int32(result.promptTokens());
    }

    static EmbeddingResult readEmbeddings(BodyReader in) throws IOException {
        return new EmbeddingResult(in.list(BodyReader::float32s), in.int32());
    }

    static void writeRanks(BodyWriter out, RankResult result) {
        out.list(result.scores(), BodyWriter::float32);
        out.int32(result.promptTokens());
    }

    static RankResult readRanks(BodyReader in) throws IOException {
        return new RankResult(in.list(BodyReader::float32), in.int32());
    }
}
