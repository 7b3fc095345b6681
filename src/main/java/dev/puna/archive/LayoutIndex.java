// SPDX-License-Identifier: Apache-2.0
package dev.puna.archive;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.puna.failure.InvalidRequest;
import dev.puna.go.GoJson;
import dev.puna.model.Digest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The table of contents of an OCI image layout, {@code index.json}: which manifests it holds and how they are called. Source: OCI
 * image-spec 1.1, image-layout.md and image-index.md.
 */
record LayoutIndex(List<Entry> entries) {
    static final String FILE = "index.json";
    static final String MARKER = "oci-layout";
    static final byte[] MARKER_CONTENT = "{\"imageLayoutVersion\":\"1.0.0\"}".getBytes(UTF_8);
    static final String BLOBS = "blobs/sha256/";

    private static final String TYPE = "application/vnd.oci.image.index.v1+json";
    private static final String NAME = "org.opencontainers.image.ref.name";
    /** How containerd and buildx say the whole name, where {@link #NAME} is but a tag. */
    private static final String WHOLE_NAME = "io.containerd.image.name";

    private static final int MOST_ENTRIES = 10_000;

    /**
     * One manifest, or a list of them.
     *
     * @param name what it is called there; may be empty
     */
    record Entry(String mediaType, Digest digest, long size, String name) {
        Entry {
            requireNonNull(mediaType, "mediaType is null");
            requireNonNull(digest, "digest is null");
            requireNonNull(name, "name is null");
        }
    }

    LayoutIndex {
        entries = List.copyOf(entries);
    }

    /** Whether the marker of a layout is one that can be read here. */
    static boolean isKnownVersion(byte[] marker) {
        try {
            return new ObjectMapper()
                    .readTree(marker)
                    .path("imageLayoutVersion")
                    .asText()
                    .startsWith("1.");
        } catch (IOException _) {
            return false;
        }
    }

    byte[] bytes() {
        var root = new LinkedHashMap<String, Object>();
        root.put("schemaVersion", 2);
        root.put("mediaType", TYPE);
        root.put("manifests", entries.stream().map(LayoutIndex::json).toList());
        return GoJson.write(root).getBytes(UTF_8);
    }

    private static Map<String, Object> json(Entry entry) {
        var object = new LinkedHashMap<String, Object>();
        object.put("mediaType", entry.mediaType());
        object.put("digest", entry.digest().text());
        object.put("size", entry.size());
        object.put("annotations", Map.of(NAME, entry.name()));
        return object;
    }

    static LayoutIndex read(byte[] content) {
        var root = json(content);
        var manifests = root.path("manifests");
        if (!manifests.isArray() || manifests.isEmpty()) {
            throw new InvalidRequest("the archive has no model: its index.json lists no manifest");
        }
        if (manifests.size() > MOST_ENTRIES) {
            throw new InvalidRequest("the archive is said to hold %d models, more than the %d that make sense"
                    .formatted(manifests.size(), MOST_ENTRIES));
        }
        var entries = new ArrayList<Entry>();
        for (var manifest : manifests) {
            entries.add(entry(manifest));
        }
        return new LayoutIndex(entries);
    }

    private static JsonNode json(byte[] content) {
        try {
            return new ObjectMapper().readTree(content);
        } catch (IOException e) {
            throw new InvalidRequest("the archive is damaged: its index.json is no JSON");
        }
    }

    private static Entry entry(JsonNode manifest) {
        var digest = Digest.tryParse(manifest.path("digest").asText())
                .orElseThrow(
                        () -> new InvalidRequest("the archive is damaged: a digest of its index.json is no SHA-256"));
        var type = manifest.path("mediaType").asText();
        if (type.equals(TYPE)) {
            throw new InvalidRequest(
                    "the archive holds an index of images for several platforms, which no model is: copy one image of it");
        }
        var names = manifest.path("annotations");
        var whole = names.path(WHOLE_NAME).asText();
        return new Entry(
                type,
                digest,
                manifest.path("size").asLong(),
                whole.isEmpty() ? names.path(NAME).asText() : whole);
    }
}
