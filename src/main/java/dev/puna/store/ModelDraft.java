// SPDX-License-Identifier: Apache-2.0
package dev.puna.store;

import dev.puna.failure.InvalidRequest;
import dev.puna.model.Digest;
import dev.puna.model.KnownTemplate;
import dev.puna.model.Layer;
import dev.puna.model.Manifest;
import dev.puna.model.MediaTypes;
import dev.puna.model.ModelFacts;
import dev.puna.model.ModelName;
import dev.puna.model.Runners;
import dev.puna.model.StoredMessage;
import dev.puna.store.json.StoreJson;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A model in the making: start from a model that is there or from GGUF blobs, change what is to change, save.
 *
 * <p>Call in the order of the methods here, since that is the order of the layers in the manifest and so part of its
 * digest. <b>Owns</b> a hold on every blob it names, so that a delete meanwhile does not take them away; closed without
 * {@link #save}, it removes the blobs it has made. <b>Threads:</b> one. Source: contract 3.2 and 3.3.
 */
public final class ModelDraft implements AutoCloseable {
    private final ModelStore store;
    private final BlobHold hold;
    private final ConfigDraft config = new ConfigDraft();
    private final List<Part> parts = new ArrayList<>();
    private final Map<String, Object> parameters = new LinkedHashMap<>();
    private final Set<Digest> made = new HashSet<>();
    private final Map<Digest, byte[]> contents = new HashMap<>();
    private String runner = "";
    private boolean parametersDone;

    /** A layer and what create tells its caller about it. */
    private record Part(Layer layer, String status) {}

    ModelDraft(ModelStore store) {
        this.store = store;
        this.hold = store.hold(List.of());
    }

    /** Takes over every layer and the configuration of a model. */
    public void inherit(InstalledModel parent) {
        if (parent.runner().equals(Runners.MLX)) {
            throw new InvalidRequest("model '%s' has tensors for MLX; make models from a GGUF"
                    .formatted(parent.name().shortName()));
        }
        var inherited = parent.manifest().ownLayers();
        hold.add(inherited.stream().map(Layer::digest).toList());
        for (var layer : inherited) {
            add(new WrittenLayer(layer.inheritedFrom(parent.name().shortName()), true));
        }
        config.inherit(parent.config());
        runner = parent.runner();
        parameters.putAll(parent.parameters());
    }

    /** Adds a blob of weights, which must be there; what kind of layer it becomes is what its facts say. */
    public void addFile(Digest blob, ModelFacts facts) {
        addFile(blob, facts, true);
    }

    /** Adds a blob of weights that was just made for this model, and that goes away with it if it is not saved. */
    public void addMadeFile(Digest blob, ModelFacts facts) {
        addFile(blob, facts, false);
        made.add(blob);
    }

    /** The blobs of weights so far, the first part of a split model before the others. */
    public List<Digest> weights() {
        return parts.stream()
                .map(Part::layer)
                .filter(layer -> layer.mediaType().equals(MediaTypes.MODEL))
                .map(Layer::digest)
                .toList();
    }

    /** Puts a blob that was just made in the place of all weights so far: the same model with weights of another type. */
    public void requantized(Digest blob, ModelFacts facts) {
        var first = weightsAt();
        hold.add(List.of(blob));
        made.add(blob);
        // Nobody needs the old ones any more, should this be the model that they were of.
        hold.letGo(weights());
        remove(MediaTypes.MODEL);
        var layer = new WrittenLayer(Layer.of(MediaTypes.MODEL, blob, store.sizeOf(blob)), false);
        parts.add(first, new Part(layer.layer(), layer.status()));
        config.fileType(facts.fileType());
        runner = Runners.LLAMA_CPP;
    }

    /** Adds a small model that guesses ahead of this one. */
    public void addDraft(Digest blob, boolean existed) {
        hold.add(List.of(blob));
        add(new WrittenLayer(Layer.of(MediaTypes.DRAFT, blob, store.sizeOf(blob)), existed));
        if (!existed) {
            made.add(blob);
        }
    }

    private int weightsAt() {
        for (int i = 0; i < parts.size(); i++) {
            if (parts.get(i).layer().mediaType().equals(MediaTypes.MODEL)) {
                return i;
            }
        }
        return parts.size();
    }

    private void addFile(Digest blob, ModelFacts facts, boolean existed) {
        hold.add(List.of(blob));
        var mediaType =
                switch (facts.kind()) {
                    case MODEL -> MediaTypes.MODEL;
                    case PROJECTOR -> MediaTypes.PROJECTOR;
                    case ADAPTER -> MediaTypes.ADAPTER;
                };
        add(new WrittenLayer(Layer.of(mediaType, blob, store.sizeOf(blob)), existed));
        config.add(facts);
        runner = Runners.LLAMA_CPP;
        if (facts.kind() == ModelFacts.Kind.MODEL) {
            facts.chatTemplate().flatMap(KnownTemplate::of).ifPresent(this::adopt);
        }
    }

    /** Gives the model the stops that Ollama gives it, and the Go template, if any, so that its digest is the same there. */
    private void adopt(KnownTemplate known) {
        known.goTemplate().ifPresent(goTemplate -> {
            var layer = write(MediaTypes.TEMPLATE, text(goTemplate)).layer();
            parts.set(parts.size() - 1, new Part(layer, "using autodetected template " + known.name()));
        });
        parameters.put("stop", known.stop());
    }

    /** Replaces the Go template, whose syntax the caller has checked. */
    public void template(String template) {
        remove(MediaTypes.TEMPLATE);
        remove(MediaTypes.PROMPT);
        write(MediaTypes.TEMPLATE, text(template));
    }

    /** Replaces the system message. */
    public void system(String system) {
        remove(MediaTypes.SYSTEM);
        write(MediaTypes.SYSTEM, text(system));
    }

    /** Adds a licence to those there are. */
    public void license(String license) {
        write(MediaTypes.LICENSE, text(license));
    }

    /** Sets parameters, as parsed JSON; those inherited stay where these do not name them, and null takes one away. */
    public void parameters(Map<String, ? extends @Nullable Object> changes) {
        if (parametersDone) {
            throw new IllegalStateException("the parameters come before the messages");
        }
        for (var change : changes.entrySet()) {
            var value = change.getValue();
            if (value == null) {
                parameters.remove(change.getKey());
            } else {
                parameters.put(change.getKey(), value);
            }
        }
    }

    /** Replaces the messages every conversation starts with; none leave those that there are. */
    public void messages(List<StoredMessage> messages) {
        if (messages.isEmpty()) {
            return;
        }
        finishParameters();
        remove(MediaTypes.MESSAGES);
        write(MediaTypes.MESSAGES, StoreJson.messages(messages));
    }

    /** Names a built-in prompt renderer. */
    public void renderer(String name) {
        config.renderer(name);
    }

    /** Names a built-in output parser. */
    public void parser(String name) {
        config.parser(name);
    }

    /** Names the lowest server version that can run the model. */
    public void requires(String version) {
        config.requires(version);
    }

    /** Overrides what the files say, by the {@code info} of a create request. */
    public void override(Map<String, ?> info) {
        config.override(info);
    }

    /** What create tells its caller about the layers, in their order. Nothing can be changed after it. */
    public List<String> statuses() {
        finishParameters();
        return parts.stream().map(Part::status).toList();
    }

    /** Writes the configuration and the manifest, in place of any model of that name. Ends the draft. */
    public void save(ModelName name) {
        finishParameters();
        var said = config.toConfig();
        var configLayer = written(MediaTypes.CONFIG, StoreJson.config(said)).layer();
        var manifest = new Manifest(configLayer, parts.stream().map(Part::layer).toList())
                .with(runner, runner.isEmpty() ? "" : Runners.formatOf(said));
        store.replace(name, manifest, contentsOf(manifest));
        close();
    }

    /** Lets go of the blobs, and removes those it has made that are in no model. */
    @Override
    public void close() {
        hold.close();
        if (!made.isEmpty()) {
            store.discard(made);
            made.clear();
        }
    }

    /** The parameters become a layer of their own only when all are known. */
    private void finishParameters() {
        if (!parametersDone) {
            parametersDone = true;
            remove(MediaTypes.PARAMS);
            if (!parameters.isEmpty()) {
                write(MediaTypes.PARAMS, StoreJson.parameters(parameters));
            }
        }
    }

    private WrittenLayer write(String mediaType, byte[] content) {
        return add(written(mediaType, content));
    }

    private WrittenLayer written(String mediaType, byte[] content) {
        var digest = Digest.of(content);
        hold.add(List.of(digest));
        contents.put(digest, content);
        var layer = store.writeBlob(mediaType, content);
        if (!layer.existed()) {
            made.add(digest);
        }
        return layer;
    }

    private List<byte[]> contentsOf(Manifest manifest) {
        return manifest.blobs()
                .map(Layer::digest)
                .filter(contents::containsKey)
                .map(contents::get)
                .toList();
    }

    private WrittenLayer add(WrittenLayer layer) {
        parts.add(new Part(layer.layer(), layer.status()));
        return layer;
    }

    private void remove(String mediaType) {
        parts.removeIf(part -> part.layer().mediaType().equals(mediaType));
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
