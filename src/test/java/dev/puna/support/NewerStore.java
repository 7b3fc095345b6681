// SPDX-License-Identifier: Apache-2.0
package dev.puna.support;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import dev.puna.model.Digest;
import dev.puna.model.MediaTypes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Makes by hand what an Ollama of 0.40 and later leaves in a folder: documents among the blobs, and tags that link to them. */
public final class NewerStore {
    public static final String PUBLIC = "manifests-v2/ollama.com/library/";
    public static final String OLD_PUBLIC = "manifests/registry.ollama.ai/library/";

    private final Path root;

    public NewerStore(Path root) {
        this.root = root;
        directories(root.resolve("blobs"));
        directories(root.resolve("manifests-v2"));
    }

    /** A blob that has been there for a day. */
    public Digest blob(String content) {
        var digest = Digest.of(content.getBytes(UTF_8));
        write(root.resolve("blobs").resolve(digest.fileName()), content);
        return digest;
    }

    /** The first twelve digits of a digest, which may stand for the name of the model or the runner that has it. */
    public static String shortName(Digest digest) {
        return digest.hex().substring(0, 12);
    }

    /** A manifest of a model whose weights are a text; {@code more} is the end of the object. */
    public String manifest(String weights, String more) {
        return manifest(weights, "", more);
    }

    /** A manifest with more layers. */
    public String manifest(String weights, String layers, String more) {
        var config = "{\"model_format\":\"gguf\",\"model_family\":\"llama\",\"of\":\""
                + blob(weights).hex() + "\"}";
        return "{\"schemaVersion\":2,\"mediaType\":\"" + MediaTypes.MANIFEST + "\",\"config\":"
                + layer(MediaTypes.CONFIG, blob(config), config.length()) + ",\"layers\":["
                + layer(MediaTypes.MODEL, blob(weights), weights.length()) + layers + "]" + more + "}";
    }

    /** A layer that only keeps a document. */
    public static String kept(String mediaType, Digest digest) {
        return "," + layer(mediaType, digest, 1);
    }

    private static String layer(String mediaType, Digest digest, int size) {
        return "{\"mediaType\":\"%s\",\"digest\":\"%s\",\"size\":%d}".formatted(mediaType, digest, size);
    }

    /** The end of a manifest that names its runner. */
    public static String runner(String name) {
        return ",\"runner\":\"" + name + "\",\"format\":\"gguf\"";
    }

    /** An entry of a list that refers to a manifest, which need not be here. */
    public static String reference(Digest digest, String runner) {
        return "{\"mediaType\":\"" + MediaTypes.MANIFEST + "\",\"digest\":\"" + digest + "\"" + runner(runner) + "}";
    }

    /** A list of manifests. */
    public static String list(String... entries) {
        return "{\"schemaVersion\":2,\"mediaType\":\"" + MediaTypes.MANIFEST_LIST + "\",\"manifests\":["
                + String.join(",", List.of(entries)) + "]}";
    }

    /** A tag that links to a document, {@code manifests-v2/host/namespace/model/tag}; gives the document's digest. */
    public Digest tag(String place, String document) {
        var digest = blob(document);
        link(place, "../../../../blobs/" + digest.fileName());
        return digest;
    }

    /** A link in the place of a tag. */
    public void link(String place, String target) {
        var tag = root.resolve(place);
        directories(requireNonNull(tag.getParent()));
        try {
            Files.createSymbolicLink(tag, Path.of(target));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A file in the place of a tag. */
    public void file(String place, String content) {
        directories(requireNonNull(root.resolve(place).getParent()));
        write(root.resolve(place), content);
    }

    private static void write(Path file, String content) {
        try {
            Files.writeString(file, content);
            Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(Duration.ofDays(1))));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void directories(Path folder) {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
