// SPDX-License-Identifier: Apache-2.0
package dev.puna.store.json;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.puna.failure.Failure;
import dev.puna.failure.StoreFailure;
import dev.puna.go.GoJson;
import dev.puna.model.Digest;
import dev.puna.model.Layer;
import dev.puna.model.Manifest;
import dev.puna.model.MediaTypes;
import dev.puna.model.Runners;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Manifests and lists of them as JSON, both ways. Source: contract 3.3, addendum 1.5. */
public final class ManifestJson {
    private static final ObjectReader READER = new ObjectMapper().reader();
    /** For what must be known to the last byte: nothing after the end, nothing twice. */
    private static final ObjectReader STRICT = READER.with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .with(StreamReadFeature.STRICT_DUPLICATE_DETECTION);

    private ManifestJson() {}

    /** Parses an object in which nothing may be wrong. */
    public static JsonNode strictly(byte[] content) {
        try {
            return StoreJson.requireObject(STRICT.readTree(content));
        } catch (IOException e) {
            throw new StoreFailure(StoreJson.unreadable(e), e);
        }
    }

    /** Parses a manifest or a list of them for use. */
    public static JsonNode document(Path file, byte[] content) {
        return StoreJson.reading("manifest", file, () -> StoreJson.requireObject(READER.readTree(content)));
    }

    /** Parses a manifest that is no list. */
    public static Manifest manifest(Path file, byte[] content) {
        return manifest(file, document(file, content));
    }

    /** A manifest by itself or within a list. */
    public static Manifest manifest(Path file, JsonNode root) {
        try {
            return manifest(root);
        } catch (Failure e) {
            throw StoreJson.corrupt("manifest", file, e.text(), e);
        }
    }

    private static Manifest manifest(JsonNode root) {
        var layers = new ArrayList<Layer>();
        for (var layer : layers(root)) {
            layers.add(layer(layer));
        }
        var config = field(root, "config");
        if (!config.isObject()) {
            throw new StoreFailure("it names no configuration");
        }
        return new Manifest(
                layer(config), layers, Runners.normal(text(root, "runner")), Runners.normal(text(root, "format")));
    }

    /** A manifest as Ollama writes it into a file of its own. */
    public static byte[] bytes(Manifest manifest) {
        var root = new LinkedHashMap<String, Object>();
        root.put("schemaVersion", 2);
        root.put("mediaType", MediaTypes.MANIFEST);
        root.put("config", json(manifest.config()));
        root.put("layers", manifest.layers().stream().map(ManifestJson::json).toList());
        putNonEmpty(root, "runner", manifest.runner());
        putNonEmpty(root, "format", manifest.format());
        return (GoJson.write(root) + "\n").getBytes(StandardCharsets.UTF_8);
    }

    /** The bytes that stand for a manifest within a list, of which its digest is made. */
    public static byte[] canonical(JsonNode manifest) {
        return canonical(manifest, List.of(), text(manifest, "runner"), text(manifest, "format"));
    }

    /** A manifest in the form of those within lists, with more layers behind its own. */
    public static byte[] canonical(JsonNode manifest, List<Layer> more, String runner, String format) {
        var root = new LinkedHashMap<String, Object>();
        root.put("schemaVersion", field(manifest, "schemaVersion").asLong());
        root.put("mediaType", text(manifest, "mediaType"));
        root.put("config", canonicalLayer(field(manifest, "config")));
        var layers = new ArrayList<Object>();
        field(manifest, "layers").forEach(layer -> layers.add(canonicalLayer(layer)));
        more.forEach(layer -> layers.add(json(layer)));
        root.put("layers", layers);
        putNonEmpty(root, "runner", runner);
        putNonEmpty(root, "format", format);
        return GoJson.write(root).getBytes(StandardCharsets.UTF_8);
    }

    /** The field of that name in whatever case, the last one if there are several, as Go reads it. */
    public static JsonNode field(JsonNode object, String name) {
        JsonNode found = MissingNode.getInstance();
        for (var field : object.properties()) {
            if (field.getKey().equalsIgnoreCase(name)) {
                found = field.getValue();
            }
        }
        return found;
    }

    /** The text of a field in whatever case, empty when it is none. */
    public static String text(JsonNode object, String name) {
        var value = field(object, name);
        return value.isTextual() ? value.textValue() : "";
    }

    private static JsonNode layers(JsonNode root) {
        var layers = field(root, "layers");
        if (!layers.isArray() && !layers.isNull() && !layers.isMissingNode()) {
            throw new StoreFailure("its layers are no list");
        }
        return layers;
    }

    private static Layer layer(JsonNode node) {
        var size = field(node, "size");
        if (!size.isIntegralNumber() || !size.canConvertToLong()) {
            throw new StoreFailure("a layer has no size");
        }
        var digest = Digest.tryParse(text(node, "digest"))
                .orElseThrow(() -> new StoreFailure("a layer has no valid digest"));
        return new Layer(
                text(node, "mediaType"),
                digest,
                size.longValue(),
                Optional.of(text(node, "from")).filter(from -> !from.isEmpty()));
    }

    private static Map<String, Object> json(Layer layer) {
        var object = new LinkedHashMap<String, Object>();
        object.put("mediaType", layer.mediaType());
        object.put("digest", layer.digest().text());
        object.put("size", layer.size());
        layer.from().ifPresent(value -> object.put("from", value));
        return object;
    }

    private static Map<String, Object> canonicalLayer(JsonNode layer) {
        var object = new LinkedHashMap<String, Object>();
        object.put("mediaType", text(layer, "mediaType"));
        object.put("digest", text(layer, "digest"));
        object.put("size", field(layer, "size").asLong());
        putNonEmpty(object, "from", text(layer, "from"));
        putNonEmpty(object, "name", text(layer, "name"));
        return object;
    }

    private static void putNonEmpty(Map<String, Object> object, String key, String value) {
        if (!value.isEmpty()) {
            object.put(key, value);
        }
    }
}
