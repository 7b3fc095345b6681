// SPDX-License-Identifier: Apache-2.0
package dev.puna.store;

import static java.util.Objects.requireNonNull;

import dev.puna.failure.StoreFailure;
import dev.puna.model.Digest;
import dev.puna.model.Layer;
import dev.puna.model.Manifest;
import dev.puna.model.MediaTypes;
import dev.puna.model.ModelConfig;
import dev.puna.model.ModelName;
import dev.puna.model.Runners;
import dev.puna.model.StoredMessage;
import dev.puna.store.json.StoreJson;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A model of the store as it was when it was looked up; later changes of the store do not show here.
 *
 * <p>The methods that take something from a layer read its blob each time. A blob that is missing or damaged is a
 * {@link StoreFailure} that names the file. Source: contract 3.3.
 *
 * @param name name as the folders spell it
 * @param manifest what the model is made of
 * @param config what the model says about itself
 * @param digest digest of the manifest, byte for byte
 * @param modifiedAt when the tag was written
 * @param files where the layers are
 * @param variants the manifests of that name that are here, of which this is one; more than one only where the tag names a
 *     list
 */
public record InstalledModel(
        ModelName name,
        Manifest manifest,
        ModelConfig config,
        Digest digest,
        Instant modifiedAt,
        LayerFiles files,
        List<Variant> variants) {
    private static final int LONGEST_TEXT = 64 << 20;

    /**
     * One of the manifests of a name.
     *
     * @param digest of the manifest
     * @param runner one of {@link Runners}, or empty
     * @param format of the weights, or empty
     */
    public record Variant(Digest digest, String runner, String format) {
        /** Refuses null. */
        public Variant {
            requireNonNull(digest, "digest is null");
            requireNonNull(runner, "runner is null");
            requireNonNull(format, "format is null");
        }
    }

    /** A model of the store whose tag names one manifest. */
    public InstalledModel(
            ModelName name, Manifest manifest, ModelConfig config, Digest digest, Instant modifiedAt, Path blobs) {
        this(name, manifest, config, digest, modifiedAt, new LayerFiles.Stored(blobs), List.of());
    }

    /** Refuses null. */
    public InstalledModel {
        requireNonNull(name, "name is null");
        requireNonNull(manifest, "manifest is null");
        requireNonNull(config, "config is null");
        requireNonNull(digest, "digest is null");
        requireNonNull(modifiedAt, "modifiedAt is null");
        requireNonNull(files, "files is null");
        variants = List.copyOf(variants);
    }

    /** The runner that the manifest is for, by its list or its configuration if it does not say so; may be empty. */
    public String runner() {
        return variants.stream()
                .filter(variant -> variant.digest().equals(digest))
                .map(Variant::runner)
                .findFirst()
                .orElseGet(() -> manifest.runner().isEmpty() ? Runners.of(config) : manifest.runner());
    }

    /** Bytes of all layers and the configuration. */
    public long size() {
        return manifest.size();
    }

    /** The file of weights, the first one if they are split. */
    public Path modelFile() {
        return modelFiles().stream()
                .findFirst()
                .orElseThrow(() -> new StoreFailure((runner().equals(Runners.MLX)
                                ? "model '%s' has tensors for MLX, which this server cannot run; get it as a GGUF"
                                : "model '%s' has no weights")
                        .formatted(name.shortName())));
    }

    /** Every file of weights in order; more than one only where they are split. */
    public List<Path> modelFiles() {
        return files(MediaTypes.MODEL);
    }

    /** Files that turn images or sound into embeddings. */
    public List<Path> projectors() {
        return files(MediaTypes.PROJECTOR);
    }

    /** Files that change the weights. */
    public List<Path> adapters() {
        return files(MediaTypes.ADAPTER);
    }

    /** Files of the model that guesses ahead. */
    public List<Path> drafts() {
        return files(MediaTypes.DRAFT);
    }

    /** The model that this one was made from, by the {@code from} of its weights. */
    public Optional<String> parent() {
        return manifest.layers(MediaTypes.MODEL).stream().findFirst().flatMap(Layer::from);
    }

    /** The Go template, if the model carries one. */
    public Optional<String> template() {
        return templateLayer().map(this::text);
    }

    /** The digest of {@link #template()}. */
    public Optional<Digest> templateDigest() {
        return templateLayer().map(Layer::digest);
    }

    /** The system message. */
    public Optional<String> system() {
        return last(MediaTypes.SYSTEM).map(this::text);
    }

    /** The parameters as parsed JSON, in the order of the file. */
    public Map<String, Object> parameters() {
        var parameters = new LinkedHashMap<String, Object>();
        for (var layer : manifest.layers(MediaTypes.PARAMS)) {
            parameters.putAll(StoreJson.parameters(files.path(layer.digest()), read(layer)));
        }
        return parameters;
    }

    /** The messages every conversation starts with. */
    public List<StoredMessage> messages() {
        return manifest.layers(MediaTypes.MESSAGES).stream()
                .flatMap(layer -> StoreJson.messages(files.path(layer.digest()), read(layer)).stream())
                .toList();
    }

    /** The licence texts, in order. */
    public List<String> licenses() {
        return manifest.layers(MediaTypes.LICENSE).stream().map(this::text).toList();
    }

    /** The digests of what is loaded, by which two models that are the same in memory are known. */
    public List<Digest> loadedLayers() {
        return Stream.of(MediaTypes.MODEL, MediaTypes.ADAPTER, MediaTypes.PROJECTOR)
                .flatMap(mediaType -> manifest.layers(mediaType).stream())
                .map(Layer::digest)
                .toList();
    }

    private List<Path> files(String mediaType) {
        return manifest.layers(mediaType).stream().map(this::existing).toList();
    }

    private Optional<Layer> templateLayer() {
        return last(MediaTypes.TEMPLATE).or(() -> last(MediaTypes.PROMPT));
    }

    private Optional<Layer> last(String mediaType) {
        var layers = manifest.layers(mediaType);
        return layers.isEmpty() ? Optional.empty() : Optional.of(layers.getLast());
    }

    private String text(Layer layer) {
        return new String(read(layer), StandardCharsets.UTF_8);
    }

    private byte[] read(Layer layer) {
        return files.read(layer.digest(), LONGEST_TEXT);
    }

    private Path existing(Layer layer) {
        try {
            return files.existing(layer.digest());
        } catch (StoreFailure failure) {
            throw new StoreFailure("model '%s' is incomplete: %s".formatted(name.shortName(), failure.text()), failure);
        }
    }
}
