// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.wire;

import dev.puna.model.WeightPlan;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/** Messages to the process of a model as frames, and their bodies read. */
final class ToRunnerCodec {
    private ToRunnerCodec() {}

    static List<ByteBuffer> frame(ToRunner message) {
        var kind = kind(message);
        return BodyWriter.frame(BodyWriter.place(kind), message.call(), kind.longest(), out -> write(out, message));
    }

    private static ToRunnerKind kind(ToRunner message) {
        return switch (message) {
            case ToRunner.Hello _ -> ToRunnerKind.HELLO;
            case ToRunner.Devices _ -> ToRunnerKind.DEVICES;
            case ToRunner.Load _ -> ToRunnerKind.LOAD;
            case ToRunner.Quantize _ -> ToRunnerKind.QUANTIZE;
            case ToRunner.Generate _ -> ToRunnerKind.GENERATE;
            case ToRunner.Credit _ -> ToRunnerKind.CREDIT;
            case ToRunner.Cancel _ -> ToRunnerKind.CANCEL;
            case ToRunner.Embed _ -> ToRunnerKind.EMBED;
            case ToRunner.Rank _ -> ToRunnerKind.RANK;
            case ToRunner.Render _ -> ToRunnerKind.RENDER;
            case ToRunner.Count _ -> ToRunnerKind.COUNT;
            case ToRunner.Tokenize _ -> ToRunnerKind.TOKENIZE;
            case ToRunner.Detokenize _ -> ToRunnerKind.DETOKENIZE;
            case ToRunner.Ping _ -> ToRunnerKind.PING;
            case ToRunner.End _ -> ToRunnerKind.END;
        };
    }

    private static void write(BodyWriter out, ToRunner message) {
        switch (message) {
            case ToRunner.Hello hello -> out.int32(hello.version());
            case ToRunner.Load load -> EngineCodec.writeSpec(out, load.spec());
            case ToRunner.Quantize quantize -> {
                out.list(quantize.files(), BodyWriter::path);
                out.path(quantize.output());
                out.int32(quantize.plan().fileType());
                out.text(quantize.plan().details());
                out.optional(quantize.plan().importance(), BodyWriter::path);
                out.int32(quantize.threads());
            }
            case ToRunner.Generate generate -> RequestCodec.writeGeneration(out, generate.request());
            case ToRunner.Credit credit -> out.int32(credit.events());
            case ToRunner.Embed embed -> RequestCodec.writeEmbedding(out, embed.request());
            case ToRunner.Rank rank -> RequestCodec.writeRank(out, rank.request());
            case ToRunner.Render render -> RequestCodec.writeGeneration(out, render.request());
            case ToRunner.Count count -> RequestCodec.writeGeneration(out, count.request());
            case ToRunner.Tokenize tokenize -> {
                out.text(tokenize.text());
                out.flag(tokenize.addSpecial());
            }
            case ToRunner.Detokenize detokenize -> out.int32s(detokenize.tokens());
            case ToRunner.Devices _, ToRunner.Cancel _, ToRunner.Ping _, ToRunner.End _ -> {}
        }
    }

    static ToRunner read(BodyReader in, ToRunnerKind kind, long call) throws IOException {
        return switch (kind) {
            case HELLO -> new ToRunner.Hello(in.int32());
            case DEVICES -> new ToRunner.Devices(call);
            case LOAD -> new ToRunner.Load(call, EngineCodec.readSpec(in));
            case QUANTIZE ->
                new ToRunner.Quantize(
                        call,
                        in.list(BodyReader::path),
                        in.path(),
                        new WeightPlan(in.int32(), in.text(), in.optional(BodyReader::path)),
                        in.int32());
            case GENERATE -> new ToRunner.Generate(call, RequestCodec.readGeneration(in));
            case CREDIT -> new ToRunner.Credit(call, in.int32());
            case CANCEL -> new ToRunner.Cancel(call);
            case EMBED -> new ToRunner.Embed(call, RequestCodec.readEmbedding(in));
            case RANK -> new ToRunner.Rank(call, RequestCodec.readRank(in));
            case RENDER -> new ToRunner.Render(call, RequestCodec.readGeneration(in));
            case COUNT -> new ToRunner.Count(call, RequestCodec.readGeneration(in));
            case TOKENIZE -> new ToRunner.Tokenize(call, in.text(), in.flag());
            case DETOKENIZE -> new ToRunner.Detokenize(call, in.int32s());
            case PING -> new ToRunner.Ping(call);
            case END -> new ToRunner.End(call);
        };
    }
}
