// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.wire;

import dev.puna.engine.StepClock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/** Messages from the process of a model as frames, and their bodies read. */
final class FromRunnerCodec {
    private FromRunnerCodec() {}

    static List<ByteBuffer> frame(FromRunner message) {
        var kind = kind(message);
        return BodyWriter.frame(BodyWriter.place(kind), message.call(), kind.longest(), out -> write(out, message));
    }

    private static FromRunnerKind kind(FromRunner message) {
        return switch (message) {
            case FromRunner.Hello _ -> FromRunnerKind.HELLO;
            case FromRunner.Devices _ -> FromRunnerKind.DEVICES;
            case FromRunner.Progress _ -> FromRunnerKind.PROGRESS;
            case FromRunner.Loaded _ -> FromRunnerKind.LOADED;
            case FromRunner.Done _ -> FromRunnerKind.DONE;
            case FromRunner.Prepared _ -> FromRunnerKind.PREPARED;
            case FromRunner.Event _ -> FromRunnerKind.EVENT;
            case FromRunner.Ended _ -> FromRunnerKind.ENDED;
            case FromRunner.Failed _ -> FromRunnerKind.FAILED;
            case FromRunner.Embeddings _ -> FromRunnerKind.EMBEDDINGS;
            case FromRunner.Ranks _ -> FromRunnerKind.RANKS;
            case FromRunner.Text _ -> FromRunnerKind.TEXT;
            case FromRunner.Count _ -> FromRunnerKind.COUNT;
            case FromRunner.Tokens _ -> FromRunnerKind.TOKENS;
            case FromRunner.Bytes _ -> FromRunnerKind.BYTES;
            case FromRunner.Pong _ -> FromRunnerKind.PONG;
        };
    }

    private static void write(BodyWriter out, FromRunner message) {
        switch (message) {
            case FromRunner.Hello hello -> out.int32(hello.version());
            case FromRunner.Devices devices -> out.list(devices.devices(), DeviceCodec::writeDevice);
            case FromRunner.Progress progress -> out.float64(progress.fraction());
            case FromRunner.Loaded loaded -> {
                EngineCodec.writeFacts(out, loaded.facts());
                EngineCodec.writeMemory(out, loaded.memory());
            }
            case FromRunner.Prepared prepared -> out.int64(prepared.bytes());
            case FromRunner.Event event -> EventCodec.write(out, event.event());
            case FromRunner.Failed failed -> FailureCodec.write(out, failed.failure());
            case FromRunner.Embeddings embeddings -> ResultCodec.writeEmbeddings(out, embeddings.result());
            case FromRunner.Ranks ranks -> ResultCodec.writeRanks(out, ranks.result());
            case FromRunner.Text text -> out.text(text.text());
            case FromRunner.Count number -> out.int64(number.number());
            case FromRunner.Tokens tokens -> out.int32s(tokens.tokens());
            case FromRunner.Bytes bytes -> out.bytes(bytes.bytes());
            case FromRunner.Pong pong -> {
                out.int64(pong.step().number());
                out.int32(pong.step().longestSeconds());
            }
            case FromRunner.Done _, FromRunner.Ended _ -> {}
        }
    }

    static FromRunner read(BodyReader in, FromRunnerKind kind, long call) throws IOException {
        return switch (kind) {
            case HELLO -> new FromRunner.Hello(in.int32());
            case DEVICES -> new FromRunner.Devices(call, in.list(DeviceCodec::readDevice));
            case PROGRESS -> new FromRunner.Progress(call, in.float64());
            case LOADED -> new FromRunner.Loaded(call, EngineCodec.readFacts(in), EngineCodec.readMemory(in));
            case DONE -> new FromRunner.Done(call);
            case PREPARED -> new FromRunner.Prepared(call, in.int64());
            case EVENT -> new FromRunner.Event(call, EventCodec.read(in));
            case ENDED -> new FromRunner.Ended(call);
            case FAILED -> new FromRunner.Failed(call, FailureCodec.read(in));
            case EMBEDDINGS -> new FromRunner.Embeddings(call, ResultCodec.readEmbeddings(in));
            case RANKS -> new FromRunner.Ranks(call, ResultCodec.readRanks(in));
            case TEXT -> new FromRunner.Text(call, in.text());
            case COUNT -> new FromRunner.Count(call, in.int64());
            case TOKENS -> new FromRunner.Tokens(call, in.int32s());
            case BYTES -> new FromRunner.Bytes(call, in.bytes());
            case PONG -> new FromRunner.Pong(call, new StepClock.Step(in.int64(), in.int32()));
        };
    }
}
