// SPDX-License-Identifier: Apache-2.0
package dev.puna.store.json;

import com.fasterxml.jackson.databind.JsonNode;
import dev.puna.failure.StoreFailure;
import dev.puna.model.Digest;
import dev.puna.model.MediaTypes;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/**
 * Which blobs a manifest names, as a collector of garbage has to read it: what is not known to the last field is a
 * {@link StoreFailure}, since a field of a later version may name blobs too. Source: contract 3.3, addendum 1.5 and 1.6.
 *
 * @param blobs blobs that this document names
 * @param children those of them that are documents themselves, which name further blobs
 * @param isList whether the document is a list, one of whose children has to be here
 * @param inlineChildren how many children the document itself holds
 */
public record ManifestReferences(Set<Digest> blobs, Set<Digest> children, boolean isList, int inlineChildren) {
    private static final Set<String> PLAIN_FIELDS =
            Set.of("schemaversion", "mediatype", "config", "layers", "runner", "format");
    private static final Set<String> LIST_FIELDS = Set.of("schemaversion", "mediatype", "manifests");
    private static final Set<String> REFERENCE_FIELDS = Set.of("mediatype", "digest", "size", "runner", "format");
    private static final Set<String> LAYER_FIELDS = Set.of("mediatype", "digest", "size", "from", "name");
    private static final int VERSION = 2;

    public ManifestReferences {
        blobs = Set.copyOf(blobs);
        children = Set.copyOf(children);
    }

    /** Reads a document, of which nothing may be unknown. */
    public static ManifestReferences of(byte[] content) {
        var root = ManifestJson.strictly(content);
        return isList(root) ? list(root) : plain(root);
    }

    private static boolean isList(JsonNode root) {
        return ManifestJson.field(root, "mediaType").asText().equals(MediaTypes.MANIFEST_LIST);
    }

    private static ManifestReferences plain(JsonNode root) {
        requireFields(root, PLAIN_FIELDS);
        requireVersion(root);
        requireType(root);
        var blobs = new HashSet<Digest>();
        var children = new HashSet<Digest>();
        blobs.add(layer(ManifestJson.field(root, "config")));
        var layers = ManifestJson.field(root, "layers");
        if (!layers.isArray()) {
            throw new StoreFailure("it has no list of layers");
        }
        for (var layer : layers) {
            var digest = layer(layer);
            blobs.add(digest);
            if (MediaTypes.isDocument(ManifestJson.field(layer, "mediaType").asText())) {
                children.add(digest);
            }
        }
        return new ManifestReferences(blobs, children, false, 0);
    }

    private static ManifestReferences list(JsonNode root) {
        requireFields(root, LIST_FIELDS);
        requireVersion(root);
        var entries = ManifestJson.field(root, "manifests");
        if (!entries.isArray()) {
            throw new StoreFailure("it has no list of manifests");
        }
        var blobs = new HashSet<Digest>();
        var children = new HashSet<Digest>();
        var inline = 0;
        for (var entry : entries) {
            if (ManifestJson.field(entry, "digest").isMissingNode()) {
                var child = plain(entry);
                blobs.addAll(child.blobs());
                children.addAll(child.children());
                inline++;
            } else {
                requireFields(entry, REFERENCE_FIELDS);
                requireType(entry);
                children.add(digest(entry));
            }
        }
        blobs.addAll(children);
        return new ManifestReferences(blobs, children, true, inline);
    }

    private static Digest layer(JsonNode layer) {
        requireFields(layer, LAYER_FIELDS);
        if (!MediaTypes.isKnown(ManifestJson.field(layer, "mediaType").asText())) {
            throw new StoreFailure("it has a layer of an unknown kind");
        }
        return digest(layer);
    }

    private static Digest digest(JsonNode node) {
        return Digest.tryParse(ManifestJson.field(node, "digest").asText())
                .orElseThrow(() -> new StoreFailure("a digest in it is none"));
    }

    private static void requireVersion(JsonNode root) {
        var version = ManifestJson.field(root, "schemaVersion");
        if (!version.isMissingNode() && !(version.isIntegralNumber() && version.asLong() == VERSION)) {
            throw new StoreFailure("its schemaVersion is not " + VERSION);
        }
    }

    private static void requireType(JsonNode root) {
        var type = ManifestJson.field(root, "mediaType");
        if (!type.isMissingNode()
                && !(type.isTextual()
                        && (type.asText().isEmpty() || type.asText().equals(MediaTypes.MANIFEST)))) {
            throw new StoreFailure("its media type is unknown");
        }
    }

    private static void requireFields(JsonNode node, Set<String> known) {
        if (!node.isObject()) {
            throw new StoreFailure("there is no object where one must be");
        }
        var seen = new HashSet<String>();
        for (var field : node.properties()) {
            var name = field.getKey().toLowerCase(Locale.ROOT);
            if (!known.contains(name)) {
                throw new StoreFailure("it has an unknown field");
            }
            if (!seen.add(name)) {
                throw new StoreFailure("it has a field twice");
            }
        }
    }
}
