// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.wire;

import dev.puna.engine.EngineFacts;
import dev.puna.engine.EngineMemory;
import dev.puna.engine.EngineSpec;
import dev.puna.engine.ModelFiles;
import java.io.IOException;

/** What is to be loaded, and what became of it, in bodies. */
final class EngineCodec {
    private EngineCodec() {}

    static void writeSpec(BodyWriter out, EngineSpec spec) {
        out.text(spec.name());
        writeFiles(out, spec.files());
        out.int32(spec.contextLength());
        out.int32(spec.sequences());
        out.int32(spec.batchSize());
        out.int32(spec.threads());
        DeviceCodec.writePlacement(out, spec.placement());
        out.flag(spec.memoryMap());
        out.text(spec.cacheType());
        out.text(spec.flashAttention());
        out.int64(spec.hostBytes());
    }

    static EngineSpec readSpec(BodyReader in) throws IOException {
        return new EngineSpec(
                in.text(),
                readFiles(in),
                in.int32(),
                in.int32(),
                in.int32(),
                in.int32(),
                DeviceCodec.readPlacement(in),
                in.flag(),
                in.text(),
                in.text(),
                in.int64());
    }

    private static void writeFiles(BodyWriter out, ModelFiles files) {
        out.list(files.weights(), BodyWriter::path);
        out.list(files.adapters(), BodyWriter::path);
        out.optional(files.projector(), BodyWriter::path);
    }

    private static ModelFiles readFiles(BodyReader in) throws IOException {
        return new ModelFiles(in.list(BodyReader::path), in.list(BodyReader::path), in.optional(BodyReader::path));
    }

    static void writeFacts(BodyWriter out, EngineFacts facts) {
        out.int32(facts.contextLength());
        out.int32(facts.sequences());
    }

    static EngineFacts readFacts(BodyReader in) throws IOException {
        return new EngineFacts(in.int32(), in.int32());
    }

    static void writeMemory(BodyWriter out, EngineMemory memory) {
        out.int64(memory.weights());
        out.int64(memory.cache());
        out.int64(memory.compute());
        out.int64(memory.onDevices());
    }

    static EngineMemory readMemory(BodyReader in) throws IOException {
        return new EngineMemory(in.int64(), in.int64(), in.int64(), in.int64());
    }
}
