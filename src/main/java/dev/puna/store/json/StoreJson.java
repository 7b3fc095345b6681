// SPDX-License-Identifier: Apache-2.0
package dev.puna.store.json;

import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import dev.puna.failure.Failure;
import dev.puna.failure.StoreFailure;
import dev.puna.go.GoJson;
import dev.puna.model.ModelConfig;
import dev.puna.model.StoredMessage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/** The JSON files of the store: configurations, parameters and messages, both ways. Source: contract 3.3. */
public final class StoreJson {
    private static final ObjectReader READER =
            new ObjectMapper().reader().with(DeserializationFeature.USE_LONG_FOR_INTS);

    private StoreJson() {}

    /** Something that parses JSON. */
    public interface Parse<T> {
        T run() throws IOException;
    }

    /** What is wrong with a file is told in words for people: what a parser says is of its own inside. */
    public static <T> T reading(String what, Path file, Parse<T> parse) {
        try {
            return parse.run();
        } catch (IOException e) {
            throw corrupt(what, file, unreadable(e), e);
        } catch (Failure e) {
            throw corrupt(what, file, e.text(), e);
        }
    }

    public static String unreadable(IOException cause) {
        return cause instanceof JsonEOFException ? "it ends in the middle" : "it is no JSON";
    }

    public static JsonNode requireObject(JsonNode node) {
        return switch (node.getNodeType()) {
            case OBJECT -> node;
            case MISSING -> throw new StoreFailure("it is empty");
            case NULL -> throw new StoreFailure("it is null, not an object");
            case ARRAY -> throw new StoreFailure("it is a list, not an object");
            case BINARY, BOOLEAN, NUMBER, POJO, STRING -> throw new StoreFailure("it is a single value, not an object");
        };
    }

    public static ModelConfig config(Path file, byte[] content) {
        return reading("configuration", file, () -> config(requireObject(READER.readTree(content))));
    }

    public static byte[] config(ModelConfig config) {
        var root = new LinkedHashMap<String, Object>();
        root.put("model_format", config.modelFormat());
        root.put("model_family", config.modelFamily());
        root.put("model_families", config.modelFamilies());
        root.put("model_type", config.modelType());
        root.put("file_type", config.fileType());
        config.renderer().ifPresent(value -> root.put("renderer", value));
        config.parser().ifPresent(value -> root.put("parser", value));
        config.requires().ifPresent(value -> root.put("requires", value));
        config.remoteHost().ifPresent(value -> root.put("remote_host", value));
        config.remoteModel().ifPresent(value -> root.put("remote_model", value));
        if (!config.capabilities().isEmpty()) {
            root.put("capabilities", config.capabilities());
        }
        config.contextLength().ifPresent(value -> root.put("context_length", value));
        config.embeddingLength().ifPresent(value -> root.put("embedding_length", value));
        config.baseName().ifPresent(value -> root.put("base_name", value));
        if (!config.draft().isEmpty()) {
            root.put("draft", config.draft());
        }
        root.put("architecture", config.architecture());
        root.put("os", config.os());
        return bytes(root);
    }

    public static Map<String, Object> parameters(Path file, byte[] content) {
        return reading("parameters", file, () -> object(READER.readTree(content)));
    }

    /** Keys sorted and numbers as doubles, since Go reads every JSON number as one. */
    public static byte[] parameters(Map<String, ?> parameters) {
        return bytes(sorted(parameters));
    }

    public static List<StoredMessage> messages(Path file, byte[] content) {
        return reading("messages", file, () -> {
            var messages = new ArrayList<StoredMessage>();
            for (var message : READER.readTree(content)) {
                messages.add(new StoredMessage(string(message, "role"), string(message, "content")));
            }
            return List.copyOf(messages);
        });
    }

    public static byte[] messages(List<StoredMessage> messages) {
        return bytes(messages.stream().map(StoreJson::message).toList());
    }

    private static Map<String, Object> message(StoredMessage message) {
        var object = new LinkedHashMap<String, Object>();
        object.put("role", message.role());
        object.put("content", message.content());
        return object;
    }

    private static ModelConfig config(JsonNode root) {
        return new ModelConfig(
                string(root, "model_format"),
                string(root, "model_family"),
                texts(root, "model_families"),
                string(root, "model_type"),
                string(root, "file_type"),
                text(root, "renderer"),
                text(root, "parser"),
                text(root, "requires"),
                text(root, "remote_host"),
                text(root, "remote_model"),
                texts(root, "capabilities"),
                number(root, "context_length"),
                number(root, "embedding_length"),
                text(root, "base_name"),
                object(root.path("draft")),
                string(root, "architecture"),
                string(root, "os"));
    }

    /** A text, empty when there is none. */
    private static String string(JsonNode node, String key) {
        return node.path(key).isTextual() ? node.path(key).textValue() : "";
    }

    private static Optional<String> text(JsonNode node, String key) {
        return Optional.of(string(node, key)).filter(text -> !text.isEmpty());
    }

    private static List<String> texts(JsonNode node, String key) {
        var texts = new ArrayList<String>();
        for (var element : node.path(key)) {
            texts.add(element.asText());
        }
        return texts;
    }

    private static OptionalLong number(JsonNode node, String key) {
        var value = node.path(key).asLong();
        return value > 0 ? OptionalLong.of(value) : OptionalLong.empty();
    }

    /** An object as plain values in its own order, without nulls; empty when it is none. */
    private static Map<String, Object> object(JsonNode node) {
        var result = new LinkedHashMap<String, Object>();
        for (var entry : node.properties()) {
            if (!entry.getValue().isNull()) {
                result.put(entry.getKey(), plain(entry.getValue()));
            }
        }
        return result;
    }

    /** A value as maps, lists, texts, numbers and booleans, without nulls. */
    public static Object plain(JsonNode node) {
        return switch (node.getNodeType()) {
            case OBJECT -> object(node);
            case ARRAY ->
                node.valueStream()
                        .filter(element -> !element.isNull())
                        .map(StoreJson::plain)
                        .toList();
            case NUMBER ->
                node.isIntegralNumber() && node.canConvertToLong() ? (Object) node.longValue() : node.doubleValue();
            case BOOLEAN -> node.booleanValue();
            case STRING, BINARY, MISSING, NULL, POJO -> node.asText();
        };
    }

    private static Object sorted(Object value) {
        return switch (value) {
            case Map<?, ?> map -> {
                var result = new TreeMap<String, Object>();
                map.forEach((key, element) -> result.put(String.valueOf(key), sorted(element)));
                yield result;
            }
            case List<?> list -> list.stream().map(StoreJson::sorted).toList();
            case Number number -> number.doubleValue();
            default -> value;
        };
    }

    private static byte[] bytes(Object root) {
        return (GoJson.write(root) + "\n").getBytes(StandardCharsets.UTF_8);
    }

    public static StoreFailure corrupt(String what, Path file, String reason, Exception cause) {
        return new StoreFailure("corrupt %s %s: %s".formatted(what, file, reason), cause);
    }
}
