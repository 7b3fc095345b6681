// SPDX-License-Identifier: Apache-2.0
package dev.puna.dist;

import static com.fasterxml.jackson.databind.SerializationFeature.INDENT_OUTPUT;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.StreamSupport;

/**
 * The bill of materials as CycloneDX 1.6 has it, in JSON. The plugin has written down the Java libraries; what is native is added
 * here, with a hash of each file that is delivered.
 */
final class BillOfMaterials {
    private static final ObjectMapper JSON = new ObjectMapper().enable(INDENT_OUTPUT);

    private final ObjectNode root;

    private BillOfMaterials(ObjectNode root) {
        this.root = root;
    }

    static BillOfMaterials read(Path file) throws IOException {
        return parse(Files.readString(file));
    }

    static BillOfMaterials parse(String json) throws IOException {
        return new BillOfMaterials((ObjectNode) JSON.readTree(json));
    }

    List<JavaPart> javaParts() {
        return StreamSupport.stream(root.withArray("components").spliterator(), false)
                .filter(component -> component.path("purl").asText().startsWith("pkg:maven/"))
                .map(JavaPart::of)
                .toList();
    }

    /** Adds the native parts, the files' hashes and the time. */
    void complete(Path program, Path libs, List<NativePart> natives, Instant time) throws IOException {
        var metadata = root.withObject("metadata");
        metadata.put("timestamp", time.toString());
        var product = metadata.withObject("component");
        hash(product, program);
        correct();
        var components = root.withArray("components");
        var needs = dependencies(product.path("bom-ref").asText()).withArray("dependsOn");
        for (var part : natives) {
            add(components, part);
            needs.add(part.reference());
            root.withArray("dependencies").addObject().put("ref", part.reference());
        }
        try (var files = Files.newDirectoryStream(libs, "{*.so*,fallback/*.so*}")) {
            var delivered = product.withArray("components");
            for (var file :
                    StreamSupport.stream(files.spliterator(), false).sorted().toList()) {
                var entry = delivered.addObject().put("type", "file").put("name", "lib/puna/" + libs.relativize(file));
                hash(entry, file);
            }
        }
    }

    void write(Path file) throws IOException {
        Files.writeString(file, JSON.writeValueAsString(root) + "\n");
    }

    @Override
    public String toString() {
        return root.toPrettyString();
    }

    /**
     * Quarkus leaves out of the program what only editors need. And JLine's "The BSD License" is the one of three clauses, which
     * the plugin takes for the one of four.
     */
    private void correct() {
        var components = root.withArray("components").iterator();
        while (components.hasNext()) {
            var component = components.next();
            var licence = component.path("licenses").path(0).path("license");
            if (component.path("group").asText().equals("org.jline") && licence instanceof ObjectNode entry) {
                entry.removeAll();
                entry.put("id", "BSD-3-Clause");
            }
            if (component.path("name").asText().equals("quarkus-ide-launcher")) {
                components.remove();
                forget(component.path("bom-ref").asText());
            }
        }
    }

    private void forget(String reference) {
        var entries = root.withArray("dependencies").iterator();
        while (entries.hasNext()) {
            var entry = entries.next();
            if (entry.path("ref").asText().equals(reference)) {
                entries.remove();
            } else if (entry.path("dependsOn") instanceof ArrayNode needed) {
                needed.removeIf(each -> each.asText().equals(reference));
            }
        }
    }

    private ObjectNode dependencies(String reference) {
        for (var entry : root.withArray("dependencies")) {
            if (entry.path("ref").asText().equals(reference)) {
                return (ObjectNode) entry;
            }
        }
        return root.withArray("dependencies").addObject().put("ref", reference);
    }

    private static void add(ArrayNode components, NativePart part) {
        var entry = components.addObject().put("type", part.type()).put("bom-ref", part.reference());
        entry.put("name", part.name());
        if (!part.version().isEmpty()) {
            entry.put("version", part.version());
        }
        entry.put("scope", "required");
        entry.putArray("licenses").addObject().putObject("license").put("id", part.licence());
        if (!part.purl().isEmpty()) {
            entry.put("purl", part.purl());
        }
    }

    private static void hash(ObjectNode entry, Path file) throws IOException {
        try {
            var digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
            entry.putArray("hashes")
                    .addObject()
                    .put("alg", "SHA-256")
                    .put("content", HexFormat.of().formatHex(digest));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("This JDK has no SHA-256.", e);
        }
    }
}
