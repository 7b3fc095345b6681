// SPDX-License-Identifier: Apache-2.0
package dev.puna.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import dev.puna.failure.InvalidRequest;
import dev.puna.model.Digest;
import dev.puna.model.KnownTemplate;
import dev.puna.model.Layer;
import dev.puna.model.Manifest;
import dev.puna.model.MediaTypes;
import dev.puna.model.ModelFacts;
import dev.puna.model.ModelName;
import dev.puna.model.Runners;
import dev.puna.store.file.FileStamp;
import dev.puna.store.json.ManifestJson;
import dev.puna.store.json.StoreJson;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A model of files that stay where they are: what {@code create} would make of them, but in memory alone.
 *
 * <p>Its manifest names stand-ins for digests ({@link FileStamp#standIn}), so it changes whenever a file does, and is the same again
 * after a restart. It must never be written to a store. <b>Threads:</b> one.
 */
public final class UnstoredModel {
    private final ConfigDraft config = new ConfigDraft();
    private final List<Layer> layers = new ArrayList<>();
    private final Map<Digest, FileStamp> files = new HashMap<>();
    private final Map<Digest, String> texts = new HashMap<>();
    private Optional<List<String>> stop = Optional.empty();
    private Instant modifiedAt = Instant.EPOCH;

    /** Adds a file of weights, the first part of a split model before the others, and projectors behind them. */
    public void add(FileStamp file, ModelFacts facts) {
        requireNonNull(file, "file is null");
        var digest = file.standIn();
        files.put(digest, file);
        layers.add(Layer.of(mediaType(facts), digest, file.size()));
        config.add(facts);
        if (facts.kind() == ModelFacts.Kind.MODEL) {
            facts.chatTemplate().flatMap(KnownTemplate::of).ifPresent(this::adopt);
        }
        if (file.modifiedAt().isAfter(modifiedAt)) {
            modifiedAt = file.modifiedAt();
        }
    }

    /** The model under that name. */
    public InstalledModel toModel(ModelName name) {
        stop.ifPresent(texts -> layers.add(text(MediaTypes.PARAMS, StoreJson.parameters(Map.of("stop", texts)))));
        var said = config.toConfig();
        var manifest = new Manifest(text(MediaTypes.CONFIG, StoreJson.config(said)), layers)
                .with(Runners.LLAMA_CPP, Runners.formatOf(said));
        var digest = Digest.of(ManifestJson.bytes(manifest));
        return new InstalledModel(
                name, manifest, said, digest, modifiedAt, new LayerFiles.InPlace(files, texts), List.of());
    }

    /** As a draft does it. */
    private void adopt(KnownTemplate known) {
        known.goTemplate().ifPresent(template -> layers.add(text(MediaTypes.TEMPLATE, template.getBytes(UTF_8))));
        stop = Optional.of(known.stop());
    }

    private Layer text(String mediaType, byte[] content) {
        var digest = Digest.of(content);
        texts.put(digest, new String(content, UTF_8));
        return Layer.of(mediaType, digest, content.length);
    }

    private static String mediaType(ModelFacts facts) {
        return switch (facts.kind()) {
            case MODEL -> MediaTypes.MODEL;
            case PROJECTOR -> MediaTypes.PROJECTOR;
            case ADAPTER -> throw new InvalidRequest("an adapter is no model by itself");
        };
    }
}
