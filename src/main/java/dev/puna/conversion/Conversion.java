// SPDX-License-Identifier: Apache-2.0
package dev.puna.conversion;

import dev.puna.conversion.source.ModelFiles;
import dev.puna.failure.InvalidRequest;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/**
 * A model of safetensors files that becomes a GGUF file.
 *
 * <p><b>Owns</b> the mappings of its files, until it is closed. <b>Threads:</b> one.
 */
public final class Conversion implements AutoCloseable {
    private Conversion() {}

    /** Reads and checks everything but the weights' data; an {@link InvalidRequest} says what is wrong and what to do. */
    public static Conversion open(ModelFiles files) {
        throw new InvalidRequest("not yet: " + files.folderName());
    }

    /** What can be converted, as {@code architectures} of a {@code config.json} names it. */
    public static Set<String> architectures() {
        return Set.of();
    }

    /** The architecture as GGUF names it. */
    public String architecture() {
        return "";
    }

    /**
     * How the file is called if nobody names it, as llama.cpp's converter does it.
     *
     * @param type that the weights get; empty for the one that they have
     */
    public String fileName(String type) {
        return FileNaming.of(Map.of(), type);
    }

    /** Bytes of the GGUF file that will be written. */
    public long size() {
        return 0;
    }

    /**
     * Writes the file from front to end.
     *
     * @param sink may keep a piece only until it returns
     * @param done is told how many bytes are written; what it throws ends the writing
     */
    public void writeTo(Consumer<ByteBuffer> sink, LongConsumer done) {
        done.accept(0);
    }

    /** What the model's maker recommends for sampling, by the names and types that parameters of a Modelfile have. */
    public Map<String, Object> parameters() {
        return Map.of();
    }

    @Override
    public void close() {}
}
