// SPDX-License-Identifier: Apache-2.0
package dev.puna.registry;

import dev.puna.failure.RegistryFailure;
import dev.puna.model.Digest;
import dev.puna.model.Manifest;
import dev.puna.model.MediaTypes;
import dev.puna.registry.access.RegistryClient;
import dev.puna.registry.access.RegistryClient.Redirects;
import dev.puna.store.ManifestDocument;
import dev.puna.store.ModelStore;
import java.io.IOException;
import java.util.Locale;
import java.util.Map;

/** The manifests of one repository, as its registry has them. Source: contract 4, addendum 2. */
final class RemoteManifests {
    private static final String PREFIX = "pull model manifest: ";
    /** How Hugging Face answers where a repository has a model in other files only. */
    private static final String NO_GGUF = "not gguf";

    private static final String ACCEPTED = MediaTypes.MANIFEST_LIST + ", " + MediaTypes.MANIFEST;

    private final RegistryClient client;
    private final Repository repository;
    private final ModelStore store;

    RemoteManifests(RegistryClient client, Repository repository, ModelStore store) {
        this.client = client;
        this.repository = repository;
        this.store = store;
    }

    /** What the tag names: a manifest, or a list of them. */
    ManifestDocument fetch() {
        try (var response = client.get(repository.manifest(), Map.of("Accept", ACCEPTED), Redirects.WITHIN)) {
            if (response.status() == 404) {
                throw new RegistryFailure(PREFIX + "file does not exist");
            }
            if (response.status() >= 400) {
                var refusal = response.refusal();
                var kind = response.status() == 400
                                && refusal.toLowerCase(Locale.ROOT).contains(NO_GGUF)
                        ? RegistryFailure.Kind.NO_GGUF
                        : RegistryFailure.Kind.OTHER;
                throw new RegistryFailure(PREFIX + refusal, kind);
            }
            return ManifestDocument.read(response.read(ManifestDocument.LONGEST));
        } catch (IOException e) {
            throw new RegistryFailure(PREFIX + e.getMessage(), e);
        }
    }

    /** A manifest of a list, which is kept as a blob. */
    Manifest child(ManifestDocument.Child child) {
        var content = blob(child.digest());
        store.writeBlob(MediaTypes.MANIFEST, content);
        return ManifestDocument.read(content)
                .manifest()
                .map(manifest ->
                        manifest.runner().isEmpty() ? manifest.with(child.runner(), manifest.format()) : manifest)
                .orElseThrow(() -> new RegistryFailure("nested manifest lists are not supported"));
    }

    private byte[] blob(Digest digest) {
        try (var response = client.get(repository.blob(digest), Map.of(), Redirects.ANYWHERE)) {
            if (response.status() >= 400) {
                throw new RegistryFailure(PREFIX + response.refusal());
            }
            var content = response.read(ManifestDocument.LONGEST);
            if (!Digest.of(content).equals(digest)) {
                throw new RegistryFailure("digest mismatch, file must be downloaded again: want %s, got %s"
                        .formatted(digest.text(), Digest.of(content).text()));
            }
            return content;
        } catch (IOException e) {
            throw new RegistryFailure(PREFIX + e.getMessage(), e);
        }
    }
}
