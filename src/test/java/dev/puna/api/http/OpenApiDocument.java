// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SpecVersion.VersionFlag;
import com.networknt.schema.ValidationMessage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The description of this server's API, as programs read it. */
public final class OpenApiDocument {
    private static final Path FILE = Path.of("src/main/resources/META-INF/openapi.yaml");
    private static final Set<String> METHODS = Set.of("get", "head", "post", "put", "patch", "delete");
    private static final JsonSchemaFactory SCHEMAS = JsonSchemaFactory.getInstance(VersionFlag.V202012);

    private final JsonNode root;

    private OpenApiDocument(JsonNode root) {
        this.root = root;
    }

    public static OpenApiDocument read() throws IOException {
        return new OpenApiDocument(new YAMLMapper().readTree(FILE.toFile()));
    }

    JsonNode root() {
        return root;
    }

    /**
     * What can be asked at a path.
     *
     * @param method in capital letters
     */
    public record Operation(String path, String method, JsonNode description) {
        /** The type of its body that is JSON; missing if it has none. */
        public JsonNode body() {
            return description.at("/requestBody/content/application~1json");
        }

        /** What the answer of a type looks like; missing if it has none. */
        JsonNode answer(String type) {
            return description.at("/responses/200/content").path(type).path("schema");
        }

        @Override
        public String toString() {
            return method + " " + path;
        }
    }

    /** All, in the order of the document. */
    public List<Operation> operations() {
        var operations = new ArrayList<Operation>();
        for (var path : root.path("paths").properties()) {
            for (var method : path.getValue().properties()) {
                if (METHODS.contains(method.getKey())) {
                    operations.add(
                            new Operation(path.getKey(), method.getKey().toUpperCase(Locale.ROOT), method.getValue()));
                }
            }
        }
        return operations;
    }

    /** What a reference points to; the node itself if it is none. */
    JsonNode resolved(JsonNode node) {
        var reference = node.path("$ref").asText("");
        return reference.isEmpty() ? node : root.at(reference.substring(1));
    }

    /** Every reference in the document. */
    List<String> references() {
        return root.findValuesAsText("$ref");
    }

    /** What a value does not keep of a schema of the document. */
    Set<String> violations(JsonNode schema, JsonNode value) {
        var whole = schema.<ObjectNode>deepCopy().set("components", root.path("components"));
        return messages(SCHEMAS.getSchema(whole).validate(value));
    }

    /** What makes a schema none. */
    static Set<String> mistakes(JsonNode schema) {
        return messages(SCHEMAS.getSchema(SchemaLocation.of(VersionFlag.V202012.getId()))
                .validate(schema));
    }

    /** The fields of an object that the schema does not name; empty where the schema takes any. */
    Set<String> unnamed(JsonNode schema, JsonNode value) {
        var names = new TreeSet<String>();
        value.fieldNames().forEachRemaining(names::add);
        var named = named(schema).collect(Collectors.toSet());
        names.removeAll(named);
        return named.isEmpty() ? Set.of() : names;
    }

    /** The names of all fields that bodies and answers have anywhere. */
    public Set<String> fieldNames() {
        return root.findValues("properties").stream()
                .flatMap(properties -> properties.properties().stream())
                .map(Map.Entry::getKey)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private Stream<String> named(JsonNode schema) {
        var found = resolved(schema);
        var own = found.path("properties").properties().stream().map(Map.Entry::getKey);
        return Stream.concat(
                own,
                Stream.of("allOf", "oneOf")
                        .flatMap(kind -> Optional.of(found.path(kind)).stream())
                        .flatMap(parts -> Stream.iterate(0, i -> i < parts.size(), i -> i + 1)
                                .map(parts::get))
                        .flatMap(this::named));
    }

    private static Set<String> messages(Set<ValidationMessage> messages) {
        return messages.stream().map(ValidationMessage::getMessage).collect(Collectors.toCollection(TreeSet::new));
    }
}
