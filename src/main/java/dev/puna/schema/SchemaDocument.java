// SPDX-License-Identifier: Apache-2.0
package dev.puna.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.puna.failure.InvalidRequest;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A schema and all that can be referred to in it.
 *
 * <p>Nodes are told apart by identity. References are resolved as JSON Schema 2020-12 says, within the document: by JSON pointer,
 * by {@code $anchor}, and by the {@code $id} of a part of it, which pointers inside that part begin at.
 */
final class SchemaDocument {
    /** What holds values, not schemas. */
    private static final Set<String> VALUES = Set.of("const", "enum", "default", "examples", "example");

    private static final URI NOWHERE = URI.create("schema:/");

    private final JsonNode root;
    private final String start;
    /** Before draft 2019-09 an address beside a reference counts for nothing. */
    private final boolean before2019;

    private final IdentityHashMap<JsonNode, String> places = new IdentityHashMap<>();
    private final IdentityHashMap<JsonNode, URI> bases = new IdentityHashMap<>();
    private final Map<URI, JsonNode> resources = new HashMap<>();
    private final Map<String, JsonNode> anchors = new HashMap<>();

    /** @param start what places begin with */
    SchemaDocument(JsonNode root, String start) {
        this.root = root;
        this.start = start;
        this.before2019 = root.path("$schema").asText().contains("/draft-0");
        resources.put(NOWHERE, root);
        scan(root, start, NOWHERE);
    }

    JsonNode root() {
        return root;
    }

    /** Where a node stands, as a JSON pointer behind "#". */
    String place(JsonNode node) {
        return places.getOrDefault(node, start);
    }

    /** Gives a node that was made of another the place of that. */
    <T extends JsonNode> T derived(T made, JsonNode from) {
        places.put(made, place(from));
        bases.put(made, bases.getOrDefault(from, NOWHERE));
        return made;
    }

    private void scan(JsonNode node, String place, URI base) {
        if (!node.isContainerNode() && !node.isBoolean()) {
            return;
        }
        var own = base;
        boolean silenced = before2019 && node.has("$ref");
        if (node.path("$id").isTextual() && !node.path("$id").asText().startsWith("#") && !silenced) {
            own = resolve(base, node.get("$id").asText(), node);
            resources.putIfAbsent(withoutFragment(own), node);
        }
        places.put(node, place);
        bases.put(node, own);
        for (var keyword : new String[] {"$anchor", "$dynamicAnchor"}) {
            if (node.path(keyword).isTextual()) {
                anchors.putIfAbsent(
                        withoutFragment(own) + "#" + node.get(keyword).asText(), node);
            }
        }
        if (node.path("$id").isTextual() && node.get("$id").asText().startsWith("#")) {
            anchors.putIfAbsent(withoutFragment(own) + node.get("$id").asText(), node);
        }
        for (var entry : node.properties()) {
            boolean named = place.endsWith("/properties") || place.endsWith("/$defs");
            if (named || !VALUES.contains(entry.getKey())) {
                scan(entry.getValue(), place + "/" + escaped(entry.getKey()), own);
            }
        }
        if (node.isArray()) {
            for (int i = 0; i < node.size(); i++) {
                scan(node.get(i), place + "/" + i, own);
            }
        }
    }

    static String escaped(String name) {
        return name.replace("~", "~0").replace("/", "~1");
    }

    /** What the {@code $ref} of a node refers to. */
    JsonNode target(ObjectNode node) {
        var reference = node.path("$ref").asText();
        var base = bases.getOrDefault(node, NOWHERE);
        int hash = reference.indexOf('#');
        var before = hash < 0 ? reference : reference.substring(0, hash);
        var fragment = hash < 0 ? "" : reference.substring(hash + 1);
        var uri = before.isEmpty() ? withoutFragment(base) : withoutFragment(resolve(base, before, node));
        var resource = resources.get(uri);
        if (resource == null) {
            throw refusal(
                    node, "unsupported $ref " + reference + ", only references into the same document are supported");
        }
        var target = fragment.isEmpty() || fragment.startsWith("/")
                ? pointed(resource, decoded(fragment))
                : anchors.get(uri + "#" + decoded(fragment));
        if (target == null) {
            throw refusal(node, "cannot resolve $ref " + reference + ", there is nothing at that place");
        }
        if (!places.containsKey(target)) {
            places.put(target, "#" + fragment);
            bases.put(target, uri);
        }
        return target;
    }

    private static @Nullable JsonNode pointed(JsonNode from, String pointer) {
        var at = from;
        var names = pointer.split("/", -1);
        for (int i = 1; i < names.length && at != null; i++) {
            var name = names[i].replace("~1", "/").replace("~0", "~");
            at = at.isArray() ? name.matches("\\d{1,9}") ? at.get(Integer.parseInt(name)) : null : at.get(name);
        }
        return at;
    }

    private static String decoded(String fragment) {
        try {
            return URLDecoder.decode(fragment.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return fragment;
        }
    }

    private URI resolve(URI base, String reference, JsonNode node) {
        try {
            return base.resolve(reference.replace(" ", "%20"));
        } catch (IllegalArgumentException e) {
            throw refusal(node, "\"" + reference + "\" is no address");
        }
    }

    private static URI withoutFragment(URI uri) {
        var text = uri.toString();
        return text.indexOf('#') < 0 ? uri : URI.create(text.substring(0, text.indexOf('#')));
    }

    InvalidRequest refusal(JsonNode node, String reason) {
        return new InvalidRequest("invalid JSON schema: " + reason + " (at " + place(node) + ")");
    }
}
