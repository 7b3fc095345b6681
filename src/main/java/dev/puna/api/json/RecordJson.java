// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.json;

import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import dev.puna.go.GoFloat;
import dev.puna.go.GoTime;
import java.io.IOException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;

/**
 * Writes records as JSON as Go writes structs: keys in declared order and snake case, Go's escapes, numbers and times.
 *
 * <p>An {@link Instant} is written in UTC, an {@link OffsetDateTime} with its offset; use
 * {@code @JsonInclude(NON_EMPTY)} or {@code NON_DEFAULT} on a component for Go's {@code omitempty}. <b>Threads:</b> any.
 */
public final class RecordJson {
    private static final ObjectMapper MAPPER = JsonMapper.builder(new JsonFactoryBuilder()
                    .characterEscapes(new JsonEscapes())
                    .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
                    .build())
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .addModule(goTypes())
            .build();

    /** Writers that have looked up their serialiser already, so that writing a chunk looks up nothing. */
    private static final ClassValue<ObjectWriter> WRITERS = new ClassValue<>() {
        @Override
        protected ObjectWriter computeValue(Class<?> type) {
            return MAPPER.writerFor(type);
        }
    };

    private RecordJson() {}

    /** The value as UTF-8 JSON. */
    public static byte[] bytes(Object value) {
        try {
            return WRITERS.get(value.getClass()).writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("cannot write " + value.getClass().getName() + " as JSON", e);
        }
    }

    /** The value as UTF-8 JSON and a line feed. */
    public static byte[] line(Object value) {
        var json = bytes(value);
        var line = Arrays.copyOf(json, json.length + 1);
        line[json.length] = '\n';
        return line;
    }

    /** The mapper itself, for what must be registered with a framework; not to be changed. */
    public static ObjectMapper mapper() {
        return MAPPER;
    }

    private static SimpleModule goTypes() {
        return new SimpleModule()
                .addSerializer(Instant.class, text((time, out) -> out.writeString(GoTime.utc(time))))
                .addSerializer(OffsetDateTime.class, text((time, out) -> out.writeString(GoTime.format(time))))
                .addSerializer(Double.class, text((number, out) -> out.writeNumber(GoFloat.json(number))))
                .addSerializer(Double.TYPE, text((number, out) -> out.writeNumber(GoFloat.json(number))))
                .addSerializer(Float.class, text((number, out) -> out.writeNumber(GoFloat.json(number))))
                .addSerializer(Float.TYPE, text((number, out) -> out.writeNumber(GoFloat.json(number))))
                .addSerializer(float[].class, text(RecordJson::write))
                .addSerializer(double[].class, text(RecordJson::write));
    }

    private static void write(float[] numbers, JsonGenerator out) throws IOException {
        out.writeStartArray();
        for (var number : numbers) {
            out.writeNumber(GoFloat.json(number));
        }
        out.writeEndArray();
    }

    private static void write(double[] numbers, JsonGenerator out) throws IOException {
        out.writeStartArray();
        for (var number : numbers) {
            out.writeNumber(GoFloat.json(number));
        }
        out.writeEndArray();
    }

    private interface Writing<T> {
        void write(T value, JsonGenerator out) throws IOException;
    }

    private static <T> JsonSerializer<T> text(Writing<T> writing) {
        return new JsonSerializer<>() {
            @Override
            public void serialize(T value, JsonGenerator out, SerializerProvider provider) throws IOException {
                writing.write(value, out);
            }
        };
    }
}
