// SPDX-License-Identifier: Apache-2.0
package dev.puna.gguf;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;

/**
 * What a GGUF file of version 3 consists of before its weights are known: the bytes of its header, and how long the data of each
 * tensor is. {@link GgufWriter} writes such a file. Immutable; any thread. Source: ggml's {@code docs/gguf.md}.
 */
public final class GgufLayout {
    static final int VERSION = 3;

    private final byte[] header;
    private final List<Long> sizes;
    private final int alignment;

    private GgufLayout(byte[] header, List<Long> sizes, int alignment) {
        this.header = header;
        this.sizes = sizes;
        this.alignment = alignment;
    }

    /**
     * Begins a file.
     *
     * @param alignment in bytes, of the data and of each tensor in it; one other than 32 needs the entry {@code general.alignment}
     */
    public static Builder builder(int alignment) {
        return new Builder(alignment);
    }

    /** Length of the whole file in bytes. */
    public long fileSize() {
        return header.length
                + sizes.stream().mapToLong(size -> padded(size, alignment)).sum();
    }

    byte[] header() {
        return header;
    }

    List<Long> sizes() {
        return sizes;
    }

    int alignment() {
        return alignment;
    }

    static long padded(long size, long alignment) {
        return (size + alignment - 1) / alignment * alignment;
    }

    /** Takes entries and tensors in the order that they have in the file. <b>Threads:</b> one. */
    public static final class Builder {
        private final int alignment;
        private final HeaderBytes entries = new HeaderBytes();
        private final HeaderBytes tensors = new HeaderBytes();
        private final List<Long> sizes = new ArrayList<>();
        private long entryCount;
        private long offset;

        private Builder(int alignment) {
            if (alignment <= 0) {
                throw new IllegalArgumentException("no alignment: " + alignment);
            }
            this.alignment = alignment;
        }

        /** Adds an entry; the elements of an array must be there. */
        public Builder entry(String key, GgufValue value) {
            entries.string(key).int32(value.type().code());
            entries.value(value);
            entryCount++;
            return this;
        }

        /** Adds an entry that is written already: key, type and value. */
        Builder writtenEntry(byte[] entry) {
            entries.bytes(entry);
            entryCount++;
            return this;
        }

        /**
         * Adds a tensor.
         *
         * @param shape elements in each dimension, fastest first
         * @param size of its data in bytes
         */
        public Builder tensor(String name, TensorType type, List<Long> shape, long size) {
            requireNonNull(type, "type is null");
            tensors.string(name).int32(shape.size());
            shape.forEach(tensors::int64);
            tensors.int32(type.code()).int64(offset);
            sizes.add(size);
            offset += padded(size, alignment);
            return this;
        }

        /** The layout of what was added. */
        public GgufLayout build() {
            var header = new HeaderBytes()
                    .int32(Gguf.MAGIC)
                    .int32(VERSION)
                    .int64(sizes.size())
                    .int64(entryCount)
                    .append(entries)
                    .append(tensors)
                    .padded(alignment);
            return new GgufLayout(header, List.copyOf(sizes), alignment);
        }
    }
}
