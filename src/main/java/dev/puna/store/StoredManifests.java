// SPDX-License-Identifier: Apache-2.0
package dev.puna.store;

import static dev.puna.store.json.ManifestJson.field;
import static dev.puna.store.json.ManifestJson.text;

import com.fasterxml.jackson.databind.JsonNode;
import dev.puna.failure.NotFound;
import dev.puna.failure.StoreFailure;
import dev.puna.go.GoJson;
import dev.puna.model.Digest;
import dev.puna.model.Layer;
import dev.puna.model.Manifest;
import dev.puna.model.MediaTypes;
import dev.puna.model.ModelConfig;
import dev.puna.model.Runners;
import dev.puna.store.json.ManifestJson;
import dev.puna.store.json.StoreJson;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * What a tag names: one manifest, or a list of manifests, each for a runner of its own, not all of which need be here.
 *
 * @param document the bytes that the tag names
 * @param isList whether it is a list
 * @param entries the manifests in their order; one unless it is a list
 */
record StoredManifests(byte[] document, boolean isList, List<Entry> entries) {
    /**
     * One manifest.
     *
     * @param digest of its bytes
     * @param runner which runner it is for; may be empty
     * @param format of its weights; may be empty
     * @param manifest itself, if it is here
     * @param config its configuration, if it had to be read
     * @param json as it stands in the list
     */
    record Entry(
            Digest digest,
            String runner,
            String format,
            Optional<Manifest> manifest,
            Optional<ModelConfig> config,
            JsonNode json) {
        /** What people call it. */
        String label() {
            return runner.isEmpty() ? digest.text() : runner;
        }
    }

    StoredManifests {
        entries = List.copyOf(entries);
    }

    /** Reads a document; {@code config} reads the configuration of a manifest if it can, for those that name no runner. */
    static StoredManifests read(
            Path file, byte[] document, Blobs blobs, Function<Manifest, Optional<ModelConfig>> config) {
        var root = ManifestJson.document(file, document);
        if (!text(root, "mediaType").equals(MediaTypes.MANIFEST_LIST)) {
            var manifest = ManifestJson.manifest(file, root);
            return new StoredManifests(
                    document, false, List.of(entry(Digest.of(document), manifest, root, root, config)));
        }
        var entries = new ArrayList<Entry>();
        for (var json : field(root, "manifests")) {
            var type = text(json, "mediaType");
            if (type.equals(MediaTypes.MANIFEST_LIST)) {
                throw new StoreFailure("corrupt manifest %s: nested manifest lists are not supported".formatted(file));
            }
            if (type.isEmpty() || type.equals(MediaTypes.MANIFEST)) {
                entries.add(entry(file, json, blobs, config));
            }
        }
        return new StoredManifests(document, true, entries);
    }

    private static Entry entry(
            Path file, JsonNode json, Blobs blobs, Function<Manifest, Optional<ModelConfig>> config) {
        if (text(json, "digest").isEmpty()) {
            return entry(
                    Digest.of(ManifestJson.canonical(json)), ManifestJson.manifest(file, json), json, json, config);
        }
        var digest = Digest.tryParse(text(json, "digest"))
                .orElseThrow(() -> new StoreFailure("corrupt manifest %s: a digest in it is none".formatted(file)));
        if (!blobs.contains(digest)) {
            return new Entry(
                    digest,
                    Runners.normal(text(json, "runner")),
                    Runners.normal(text(json, "format")),
                    Optional.empty(),
                    Optional.empty(),
                    json);
        }
        var blob = blobs.path(digest);
        return entry(digest, ManifestJson.manifest(blob, blobs.readDocument(digest)), json, json, config);
    }

    private static Entry entry(
            Digest digest,
            Manifest manifest,
            JsonNode listed,
            JsonNode json,
            Function<Manifest, Optional<ModelConfig>> config) {
        var runner = first(manifest.runner(), Runners.normal(text(listed, "runner")));
        var format = first(manifest.format(), Runners.normal(text(listed, "format")));
        var said = runner.isEmpty() || format.isEmpty() ? config.apply(manifest) : Optional.<ModelConfig>empty();
        return new Entry(
                digest,
                first(runner, said.map(Runners::of).orElse("")),
                first(format, said.map(Runners::formatOf).orElse("")),
                Optional.of(manifest),
                said,
                json);
    }

    private static String first(String one, String other) {
        return one.isEmpty() ? other : one;
    }

    /**
     * The manifest that is taken: of those that are here the one for the best runner, or for the one that is asked for.
     * None is {@link NotFound}.
     *
     * @param asked a runner, or the empty text
     */
    Entry select(String asked) {
        var local = local();
        if (!isList) {
            var only = local.getFirst();
            if (asked.isEmpty() || only.runner().isEmpty() || only.runner().equals(asked)) {
                return only;
            }
            throw none(List.of(asked));
        }
        var runners = asked.isEmpty() ? Runners.IN_ORDER : List.of(asked);
        return runners.stream()
                .flatMap(runner -> local.stream().filter(entry -> entry.runner().equals(runner)))
                .findFirst()
                .orElseThrow(() -> none(runners));
    }

    /** The blobs of the manifests that are here. */
    List<Layer> blobs() {
        return local().stream()
                .flatMap(entry -> entry.manifest().stream())
                .flatMap(Manifest::blobs)
                .toList();
    }

    /** The manifests that are here. */
    List<Entry> local() {
        return entries.stream().filter(entry -> entry.manifest().isPresent()).toList();
    }

    /** The list without these entries, in the same form; nothing when none is left. */
    Optional<byte[]> without(List<Entry> dropped) {
        var rest = entries.stream().filter(entry -> !dropped.contains(entry)).toList();
        if (rest.isEmpty()) {
            return Optional.empty();
        }
        var root = new LinkedHashMap<String, Object>();
        root.put("schemaVersion", 2);
        root.put("mediaType", MediaTypes.MANIFEST_LIST);
        root.put(
                "manifests",
                rest.stream().map(entry -> StoreJson.plain(entry.json())).toList());
        return Optional.of(GoJson.write(root).getBytes(StandardCharsets.UTF_8));
    }

    static NotFound none(List<String> runners) {
        return new NotFound("no compatible manifest found for runners: " + String.join(", ", runners));
    }
}
