// SPDX-License-Identifier: Apache-2.0
package dev.puna.conversion.safetensors;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.puna.conversion.source.Json;
import dev.puna.conversion.tensor.ElementType;
import dev.puna.failure.InvalidRequest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The header of one file: eight bytes that say its length, then JSON, then the data without a gap. Source: the format's description
 * and the checks of its library. <b>Threads:</b> one.
 */
final class SafetensorsHeader {
    private static final int LENGTH_BYTES = Long.BYTES;
    /** The format allows four times as much; so much names a quarter of a million tensors, and is held in memory. */
    private static final long MAX_LENGTH = 25_000_000;

    private static final int MAX_DIMENSIONS = 16;
    private static final String METADATA = "__metadata__";

    private final String file;
    private final long dataStart;
    private final long dataSize;
    private final List<Entry> entries = new ArrayList<>();

    /** A tensor; its data lie from {@code begin} to {@code end} in the file. */
    record Entry(String name, ElementType type, List<Long> shape, long begin, long end) {
        Entry {
            shape = List.copyOf(shape);
        }
    }

    private SafetensorsHeader(String file, long dataStart, long dataSize) {
        this.file = file;
        this.dataStart = dataStart;
        this.dataSize = dataSize;
    }

    /** The tensors of a file, by name. */
    static List<Entry> read(OpenFile file) {
        if (file.size() < LENGTH_BYTES) {
            throw new InvalidRequest(file.name() + " is no safetensors file: it has " + file.size() + " bytes");
        }
        var head = ByteBuffer.allocate(LENGTH_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        file.read(0, head);
        var length = head.getLong(0);
        if (length < 2 || length > MAX_LENGTH || length > file.size() - LENGTH_BYTES) {
            throw new InvalidRequest(
                    "%s is no whole safetensors file: it has %d bytes, its header claims %s; download it again"
                            .formatted(file.name(), file.size(), Long.toUnsignedString(length)));
        }
        var json = ByteBuffer.allocate((int) length);
        file.read(LENGTH_BYTES, json);
        var start = LENGTH_BYTES + length;
        var header = new SafetensorsHeader(file.name(), start, file.size() - start);
        try (var parser = Json.stream(json.array())) {
            header.parse(parser);
        } catch (IOException e) {
            throw Json.unreadable("the header of " + file.name(), e);
        }
        header.requireNoGap();
        header.entries.sort(Comparator.comparing(Entry::name));
        return List.copyOf(header.entries);
    }

    private void parse(JsonParser parser) throws IOException {
        require(parser.nextToken() == JsonToken.START_OBJECT, "is no object");
        var names = new HashSet<String>();
        for (var name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
            require(names.add(name), "has '" + name + "' twice");
            require(parser.nextToken() == JsonToken.START_OBJECT, "has no object for '" + name + "'");
            if (name.equals(METADATA)) {
                metadata(parser);
            } else {
                entries.add(entry(name, parser));
            }
        }
        require(parser.currentToken() == JsonToken.END_OBJECT, "is no object");
        require(parser.nextToken() == null, "goes on after its end");
    }

    private void metadata(JsonParser parser) throws IOException {
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            require(parser.nextToken() == JsonToken.VALUE_STRING, "has " + METADATA + " that is no text");
        }
    }

    private Entry entry(String name, JsonParser parser) throws IOException {
        @Nullable String type = null;
        @Nullable List<Long> shape = null;
        @Nullable List<Long> offsets = null;
        for (var key = parser.nextFieldName(); key != null; key = parser.nextFieldName()) {
            var token = parser.nextToken();
            switch (key) {
                case "dtype" -> {
                    require(token == JsonToken.VALUE_STRING && type == null, "has a wrong dtype for '" + name + "'");
                    type = parser.getText();
                }
                case "shape" -> {
                    require(shape == null, "has two shapes for '" + name + "'");
                    shape = numbers(name, parser);
                }
                case "data_offsets" -> {
                    require(offsets == null, "has two data_offsets for '" + name + "'");
                    offsets = numbers(name, parser);
                }
                default -> throw wrong("has the unknown key '" + key + "' for '" + name + "'");
            }
        }
        if (type == null || shape == null || offsets == null || offsets.size() != 2) {
            throw wrong("lacks dtype, shape or data_offsets for '" + name + "'");
        }
        return checked(name, type, shape, offsets.getFirst(), offsets.getLast());
    }

    private Entry checked(String name, String typeName, List<Long> shape, long begin, long end) {
        var type = ElementType.named(typeName)
                .orElseThrow(() -> wrong("has elements of the unknown type '" + typeName + "' for '" + name + "'"));
        require(begin <= end && end <= dataSize, "has '" + name + "' outside of the file; download it again");
        var bytes = (long) type.bytes();
        for (long size : shape) {
            require(size == 0 || bytes <= Long.MAX_VALUE / size, "has a shape too large for '" + name + "'");
            bytes *= size;
        }
        require(
                bytes == end - begin,
                "gives '" + name + "' " + (end - begin) + " bytes, where its shape " + shape + " of " + type + " takes "
                        + bytes);
        return new Entry(name, type, shape, dataStart + begin, dataStart + end);
    }

    private List<Long> numbers(String name, JsonParser parser) throws IOException {
        require(parser.currentToken() == JsonToken.START_ARRAY, "has no list for '" + name + "'");
        var numbers = new ArrayList<Long>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            require(
                    parser.currentToken() == JsonToken.VALUE_NUMBER_INT
                            && parser.getNumberType() != JsonParser.NumberType.BIG_INTEGER
                            && parser.getLongValue() >= 0
                            && numbers.size() < MAX_DIMENSIONS,
                    "has wrong numbers for '" + name + "'");
            numbers.add(parser.getLongValue());
        }
        return numbers;
    }

    /** The data of all tensors must follow each other, from the first byte to the last. */
    private void requireNoGap() {
        entries.sort(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end));
        var end = dataStart;
        for (var entry : entries) {
            require(entry.begin >= end, "has tensors that overlap, one is '" + entry.name + "'");
            require(entry.begin == end, "has a gap before '" + entry.name + "'");
            end = entry.end;
        }
        require(end == dataStart + dataSize, "says nothing about the last " + (dataStart + dataSize - end) + " bytes");
    }

    private void require(boolean right, String problem) {
        if (!right) {
            throw wrong(problem);
        }
    }

    private InvalidRequest wrong(String problem) {
        return new InvalidRequest("the header of " + file + " " + problem);
    }
}
