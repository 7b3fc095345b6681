// SPDX-License-Identifier: Apache-2.0
package dev.puna.store;

import dev.puna.failure.Failure;
import dev.puna.failure.InvalidRequest;
import dev.puna.failure.StoreFailure;
import dev.puna.model.Digest;
import dev.puna.model.Manifest;
import dev.puna.model.ModelConfig;
import dev.puna.model.ModelName;
import dev.puna.store.file.StoreFiles;
import dev.puna.store.json.StoreJson;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** Looks models up: by name, by digest, all of them. Reads the files each time. Source: addendum 1.4, 1.5 and 3.8. */
final class InstalledModels {
    private static final System.Logger LOG = System.getLogger(InstalledModels.class.getName());
    private static final int LONGEST_CONFIG = 4 << 20;
    private static final Pattern HEX = Pattern.compile("[0-9a-f]{12,64}");
    private static final String SHA256 = "sha256";
    /** Ollama keeps weights it has converted by tags of this model, which it does not show. */
    private static final String SHADOW = "llamacpp";

    private final Manifests manifests;
    private final Blobs blobs;

    InstalledModels(Manifests manifests, Blobs blobs) {
        this.manifests = manifests;
        this.blobs = blobs;
    }

    /** Every readable model, newest first. */
    List<InstalledModel> all() {
        var models = new ArrayList<InstalledModel>();
        for (var tag : manifests.all()) {
            try {
                var stored = stored(tag);
                if (!isShadow(tag.name(), stored)) {
                    models.add(model(tag.name(), stored, "", tag.modifiedAt()));
                }
            } catch (Failure e) {
                LOG.log(Level.WARNING, "store.model unreadable file={0} reason=\"{1}\"", tag.file(), e.text());
            }
        }
        models.sort(Comparator.comparing(InstalledModel::modifiedAt).reversed().thenComparing(model -> model.name()
                .fullName()));
        return List.copyOf(models);
    }

    /** The model of that name or digest, for that runner or the best one. */
    Optional<InstalledModel> find(ModelName name, String runner) {
        var digest = digest(name);
        if (digest.isPresent()) {
            var blob = digest.get();
            return Optional.of(model(name, read(blob), runner, blobs.modifiedAt(blob)));
        }
        return manifests.find(name).flatMap(tag -> find(tag, runner));
    }

    /** A model that is deleted while it is read is not there. */
    private Optional<InstalledModel> find(Manifests.Tag tag, String runner) {
        try {
            return Optional.of(model(tag.name(), stored(tag), runner, tag.modifiedAt()));
        } catch (StoreFailure failure) {
            if (Files.notExists(tag.file(), LinkOption.NOFOLLOW_LINKS)) {
                return Optional.empty();
            }
            throw failure;
        }
    }

    /** The manifests of that name or digest. */
    Optional<StoredManifests> stored(ModelName name) {
        return digest(name).map(this::read).or(() -> manifests.find(name).map(this::stored));
    }

    /** The manifests of a tag, if they can be read. */
    Optional<StoredManifests> readable(Manifests.Tag tag) {
        try {
            return Optional.of(stored(tag));
        } catch (Failure _) {
            return Optional.empty();
        }
    }

    /** The manifest among the blobs that a name means, if it is a digest or the beginning of one. */
    Optional<Digest> digest(ModelName name) {
        var hex = hex(ManifestLayout.canonical(name));
        if (hex.isEmpty()) {
            return Optional.empty();
        }
        var matches = blobs.startingWith(hex.get());
        if (matches.size() > 1) {
            throw new InvalidRequest("ambiguous digest prefix \"%s\"".formatted(hex.get()));
        }
        return matches.stream().filter(this::isDocument).findFirst();
    }

    private static Optional<String> hex(ModelName name) {
        if (!name.host().equals(ModelName.DEFAULT_HOST) || !name.namespace().equals(ModelName.DEFAULT_NAMESPACE)) {
            return Optional.empty();
        }
        var text = name.tag().equals(ModelName.DEFAULT_TAG)
                ? name.model().replaceFirst("(?i)^" + SHA256 + "-", "")
                : name.model().equalsIgnoreCase(SHA256) ? name.tag() : "";
        return Optional.of(text.toLowerCase(Locale.ROOT))
                .filter(hex -> HEX.matcher(hex).matches());
    }

    /** Weights have digests, too. */
    private boolean isDocument(Digest digest) {
        try {
            var _ = read(digest);
            return true;
        } catch (Failure _) {
            return false;
        }
    }

    private StoredManifests read(Digest digest) {
        return stored(blobs.path(digest), blobs.readDocument(digest));
    }

    StoredManifests stored(Manifests.Tag tag) {
        return stored(tag.file(), tag.read());
    }

    private StoredManifests stored(Path file, byte[] document) {
        return StoredManifests.read(file, document, blobs, this::readableConfig);
    }

    private static boolean isShadow(ModelName name, StoredManifests stored) {
        return name.model().equals(SHADOW)
                && name.host().equals(ModelName.DEFAULT_HOST)
                && name.namespace().equals(ModelName.DEFAULT_NAMESPACE)
                && name.tag().equals(Digest.of(stored.document()).hex());
    }

    private InstalledModel model(ModelName name, StoredManifests stored, String runner, Instant modifiedAt) {
        var selected = stored.select(runner);
        var manifest = selected.manifest().orElseThrow(() -> new StoreFailure("no manifest of " + name + " is here"));
        var variants = stored.local().stream()
                .map(entry -> new InstalledModel.Variant(entry.digest(), entry.runner(), entry.format()))
                .toList();
        return new InstalledModel(
                name,
                manifest,
                selected.config().orElseGet(() -> config(manifest)),
                selected.digest(),
                modifiedAt,
                new LayerFiles.Stored(blobs.folder()),
                variants);
    }

    private Optional<ModelConfig> readableConfig(Manifest manifest) {
        try {
            return Optional.of(config(manifest));
        } catch (Failure _) {
            return Optional.empty();
        }
    }

    ModelConfig config(Manifest manifest) {
        var digest = manifest.config().digest();
        var file = blobs.path(digest);
        return StoreJson.config(file, StoreFiles.readBlob(file, digest, LONGEST_CONFIG));
    }
}
