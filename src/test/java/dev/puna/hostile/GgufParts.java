// SPDX-License-Identifier: Apache-2.0
package dev.puna.hostile;

import dev.puna.support.LittleEndianBytes;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** A well-formed GGUF file taken apart, to be changed in any way and written again. <b>Threads:</b> one. */
final class GgufParts {
    static final int UINT32 = 4;
    static final int INT32 = 5;
    static final int FLOAT32 = 6;
    static final int BOOL = 7;
    static final int STRING = 8;
    static final int ARRAY = 9;

    private static final int ALIGNMENT = 32;
    private static final int[] SIZES = {1, 1, 2, 2, 4, 4, 4, 1, 0, 0, 8, 8, 8};

    /** An entry whose value is as it stands in the file. */
    record Entry(String key, int type, byte[] value) {
        /** The elements of an array of texts. */
        List<String> texts() {
            var reader = reader(value);
            reader.getInt();
            var texts = new ArrayList<String>();
            for (var left = reader.getLong(); left > 0; left--) {
                texts.add(text(reader));
            }
            return texts;
        }
    }

    /** A tensor with data of its own; where it lies follows from its place in the list, unless it says otherwise. */
    record Tensor(String name, long[] shape, int type, byte[] data, Optional<Long> offset) {
        Tensor named(String other) {
            return new Tensor(other, shape, type, data, offset);
        }

        Tensor shaped(long... other) {
            return new Tensor(name, other, type, data, offset);
        }

        Tensor typed(int other) {
            return new Tensor(name, shape, other, data, offset);
        }

        Tensor holding(byte[] other) {
            return new Tensor(name, shape, type, other, offset);
        }

        Tensor at(long other) {
            return new Tensor(name, shape, type, data, Optional.of(other));
        }
    }

    final List<Entry> entries = new ArrayList<>();
    final List<Tensor> tensors = new ArrayList<>();

    /** @param file one of version 3 with the usual alignment */
    static GgufParts of(byte[] file) {
        var parts = new GgufParts();
        var reader = reader(file);
        reader.position(2 * Integer.BYTES);
        var tensors = reader.getLong();
        for (var left = reader.getLong(); left > 0; left--) {
            var key = text(reader);
            var type = reader.getInt();
            var start = reader.position();
            skip(reader, type);
            parts.entries.add(new Entry(key, type, Arrays.copyOfRange(file, start, reader.position())));
        }
        var read = new ArrayList<Tensor>();
        for (var left = tensors; left > 0; left--) {
            var name = text(reader);
            var shape = new long[reader.getInt()];
            for (var i = 0; i < shape.length; i++) {
                shape[i] = reader.getLong();
            }
            read.add(new Tensor(name, shape, reader.getInt(), new byte[0], Optional.of(reader.getLong())));
        }
        var data = (reader.position() + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        for (var i = 0; i < read.size(); i++) {
            var from = data + read.get(i).offset().orElseThrow();
            var to = i + 1 < read.size() ? data + read.get(i + 1).offset().orElseThrow() : file.length;
            var tensor = read.get(i);
            var bytes = Arrays.copyOfRange(file, Math.toIntExact(from), Math.toIntExact(to));
            parts.tensors.add(new Tensor(tensor.name(), tensor.shape(), tensor.type(), bytes, Optional.empty()));
        }
        return parts;
    }

    /** Puts a value in the place of one of that key, or behind all. */
    void set(String key, int type, byte[] value) {
        var entry = new Entry(key, type, value);
        for (var i = 0; i < entries.size(); i++) {
            if (entries.get(i).key().equals(key)) {
                entries.set(i, entry);
                return;
            }
        }
        entries.add(entry);
    }

    Optional<Entry> entry(String key) {
        return entries.stream().filter(entry -> entry.key().equals(key)).findFirst();
    }

    byte[] toArray() {
        var header = new LittleEndianBytes()
                .int32(0x46554747)
                .int32(3)
                .int64(tensors.size())
                .int64(entries.size());
        entries.forEach(entry -> header.text(entry.key()).int32(entry.type()).bytes(entry.value()));
        var data = new LittleEndianBytes();
        var offset = 0L;
        for (var tensor : tensors) {
            header.text(tensor.name()).int32(tensor.shape().length);
            for (var length : tensor.shape()) {
                header.int64(length);
            }
            header.int32(tensor.type()).int64(tensor.offset().orElse(offset));
            data.bytes(tensor.data()).padTo(ALIGNMENT);
            offset += (tensor.data().length + ALIGNMENT - 1L) / ALIGNMENT * ALIGNMENT;
        }
        return header.padTo(ALIGNMENT).bytes(data.toArray()).toArray();
    }

    private static ByteBuffer reader(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static String text(ByteBuffer reader) {
        var bytes = new byte[Math.toIntExact(reader.getLong())];
        reader.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static void skip(ByteBuffer reader, int type) {
        if (type == STRING) {
            text(reader);
        } else if (type == ARRAY) {
            var element = reader.getInt();
            for (var left = reader.getLong(); left > 0; left--) {
                skip(reader, element);
            }
        } else {
            reader.position(reader.position() + SIZES[type]);
        }
    }
}
