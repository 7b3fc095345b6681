// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.wire;

import dev.puna.model.GenerationOptions;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;

/** How tokens are chosen, in bodies. */
final class OptionsCodec {
    private OptionsCodec() {}

    static void write(BodyWriter out, GenerationOptions options) {
        out.float32(options.temperature());
        out.int32(options.topK());
        out.float32(options.topP());
        out.float32(options.minP());
        out.float32(options.typicalP());
        out.int32(options.repeatLastN());
        out.float32(options.repeatPenalty());
        out.float32(options.presencePenalty());
        out.float32(options.frequencyPenalty());
        out.flag(options.seed().isPresent());
        options.seed().ifPresent(out::int64);
        out.int32(options.numPredict());
        out.int32(options.numKeep());
        out.list(options.stop(), BodyWriter::text);
        out.list(options.logitBias().entrySet(), OptionsCodec::writeBias);
        out.flag(options.ignoreEos());
    }

    static GenerationOptions read(BodyReader in) throws IOException {
        return new GenerationOptions(
                in.float32(),
                in.int32(),
                in.float32(),
                in.float32(),
                in.float32(),
                in.int32(),
                in.float32(),
                in.float32(),
                in.float32(),
                in.flag() ? OptionalLong.of(in.int64()) : OptionalLong.empty(),
                in.int32(),
                in.int32(),
                in.list(BodyReader::text),
                readBias(in),
                in.flag());
    }

    private static void writeBias(BodyWriter out, Map.Entry<Integer, Float> bias) {
        out.int32(bias.getKey());
        out.float32(bias.getValue());
    }

    private static Map<Integer, Float> readBias(BodyReader in) throws IOException {
        var entries = in.list(entry -> Map.entry(entry.int32(), entry.float32()));
        var bias = new HashMap<Integer, Float>();
        for (var entry : entries) {
            if (bias.put(entry.getKey(), entry.getValue()) != null) {
                throw new ProtocolException("a message has two biases for token " + entry.getKey());
            }
        }
        return bias;
    }
}
