// SPDX-License-Identifier: Apache-2.0
package dev.puna.registry;

import com.fasterxml.jackson.databind.JsonNode;
import dev.puna.failure.Cancelled;
import dev.puna.failure.Failure;
import dev.puna.failure.InvalidRequest;
import dev.puna.failure.NotFound;
import dev.puna.failure.RegistryFailure;
import dev.puna.model.Digest;
import dev.puna.model.Layer;
import dev.puna.model.MediaTypes;
import dev.puna.registry.access.RegistryClient;
import dev.puna.registry.access.RegistryClient.Redirects;
import dev.puna.registry.access.RegistryJson;
import dev.puna.registry.http.RegistryResponse;
import dev.puna.store.ModelStore;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * The files of one revision of a repository at Hugging Face, which become blobs one by one. Large ones come in parts that are kept when
 * the pull ends early, and have to be what their SHA-256 says; those that Git holds itself have to be what its own hash says.
 * <b>Threads:</b> any. Source: the API of the Hub ({@code /api/models/…/revision/…?blobs=true}).
 */
public final class HubFiles {
    private static final int LONGEST_LIST = 16 << 20;
    /** Of a file that Git holds itself, for which the Hub's own limit is lower. */
    private static final int LONGEST_SMALL = 16 << 20;
    /** Files at the top or in a folder there, none of them hidden; no file of a model is called otherwise. */
    private static final Pattern NAME = Pattern.compile("(\\w[\\w.-]{0,199}/)?\\w[\\w.-]{0,199}");

    private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");

    private final ModelStore store;
    private final PullService pulls;
    private final RegistryClient client;
    private final TransferLimits limits;
    private final Repository repository;
    private String revision = "main";
    private final Map<String, Entry> entries = new TreeMap<>();

    /**
     * One file.
     *
     * @param sha256 of a large one
     * @param blob the hash of Git, which is of the file itself only for a small one; may be empty
     */
    private record Entry(long size, Optional<Digest> sha256, String blob) {}

    private HubFiles(
            ModelStore store, PullService pulls, RegistryClient client, TransferLimits limits, Repository repository) {
        this.store = store;
        this.pulls = pulls;
        this.client = client;
        this.limits = limits;
        this.repository = repository;
    }

    static HubFiles list(
            ModelStore store, PullService pulls, RegistryClient client, TransferLimits limits, Repository repository) {
        var files = new HubFiles(store, pulls, client, limits, repository);
        files.read(files.get(repository.files(), LONGEST_LIST, Redirects.WITHIN));
        return files;
    }

    private void read(byte[] content) {
        try {
            var list = RegistryJson.read(content);
            var commit = list.path("sha").asText("");
            revision = COMMIT.matcher(commit).matches() ? commit : revision;
            for (var file : list.path("siblings")) {
                var name = file.path("rfilename").asText("");
                if (NAME.matcher(name).matches()) {
                    entries.put(name, entry(name, file));
                }
            }
        } catch (IOException e) {
            throw new RegistryFailure("the list of files of %s makes no sense".formatted(repository.path()), e);
        }
    }

    private static Entry entry(String name, JsonNode file) throws IOException {
        var lfs = file.path("lfs");
        var size = lfs.path("size").asLong(file.path("size").asLong(-1));
        if (size < 0) {
            throw new IOException("the file " + name + " has no size");
        }
        if (!lfs.isObject()) {
            return new Entry(size, Optional.empty(), file.path("blobId").asText(""));
        }
        var hex = lfs.path("sha256").asText(lfs.path("oid").asText(""));
        var digest = Digest.tryParse("sha256:" + hex)
                .orElseThrow(() -> new IOException("the file " + name + " has no SHA-256"));
        return new Entry(size, Optional.of(digest), "");
    }

    /** The names of the files, sorted, without such as no model has. */
    public Set<String> names() {
        return Collections.unmodifiableSet(entries.keySet());
    }

    /** Bytes of a file. */
    public long size(String name) {
        return entry(name).size();
    }

    /** Whether a file, or some of it, is here already. */
    public boolean hasBegun(String name) {
        return entry(name)
                .sha256()
                .filter(digest -> store.contains(digest) || store.hasPartial(digest))
                .isPresent();
    }

    /** The digest of a file, if it is known before the file has come. */
    public Optional<Digest> digest(String name) {
        return entry(name).sha256();
    }

    /**
     * Makes a blob of a file, unless it is there, and waits for it.
     *
     * @param progress told how much has come, on this thread; what it throws ends the download, and what has come stays
     * @throws Failure if it cannot be had
     */
    public Digest fetch(String name, Consumer<PullProgress> progress) {
        var entry = entry(name);
        var address = repository.file(revision, name);
        var digest = entry.sha256().isPresent()
                ? large(entry.sha256().get(), entry.size(), address, progress)
                : small(name, entry, address);
        progress.accept(new PullProgress.Blob(digest, entry.size(), entry.size()));
        return digest;
    }

    private Digest large(Digest digest, long size, URI address, Consumer<PullProgress> progress) {
        if (!store.contains(digest)) {
            pulls.fetch(
                    Layer.of(MediaTypes.MODEL, digest, size),
                    new BlobSource(client, address),
                    done -> progress.accept(new PullProgress.Blob(digest, size, done)));
        }
        return digest;
    }

    private Digest small(String name, Entry entry, URI address) {
        if (entry.size() > LONGEST_SMALL) {
            throw new RegistryFailure(
                    "%s of %s has %d bytes and no SHA-256, so that nothing says whether it comes whole"
                            .formatted(name, repository.path(), entry.size()));
        }
        var content = get(address, LONGEST_SMALL, Redirects.ANYWHERE);
        if (content.length != entry.size()
                || !(entry.blob().isEmpty() || entry.blob().equals(gitHash(content)))) {
            throw new RegistryFailure("%s of %s came damaged: pull again".formatted(name, repository.path()));
        }
        return store.writeBlob(MediaTypes.MODEL, content).layer().digest();
    }

    /** What Git calls a file with this content. */
    private static String gitHash(byte[] content) {
        try {
            var hash = MessageDigest.getInstance("SHA-1");
            hash.update(("blob " + content.length + "\0").getBytes(StandardCharsets.US_ASCII));
            return HexFormat.of().formatHex(hash.digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The whole of something small, tried again where that may help. */
    private byte[] get(URI address, int longest, Redirects redirects) {
        var got = new byte[1][];
        try {
            new Retries(limits, () -> false).run(() -> got[0] == null ? 1 : 0, () -> {
                try (var response = client.get(address, Map.of(), redirects)) {
                    Retries.requireReady(response);
                    requireFound(response);
                    got[0] = response.read(longest);
                }
            });
            return got[0];
        } catch (RegistryFailure e) {
            throw e.kind() == RegistryFailure.Kind.UNAUTHORIZED ? closed() : e;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Cancelled("request canceled", e);
        }
    }

    private void requireFound(RegistryResponse response) throws IOException {
        switch (response.status()) {
            case 200 -> {}
            case 401, 403 -> throw closed();
            case 404 ->
                throw new NotFound("%s has no repository %s, or not the file %s"
                        .formatted(
                                repository.name().host(),
                                repository.path(),
                                response.address().getPath()));
            default ->
                throw new RegistryFailure("the files of %s: %s".formatted(repository.path(), response.refusal()));
        }
    }

    private InvalidRequest closed() {
        return new InvalidRequest(
                ("%s is gated or private: accept its terms on its page, make a token there that may read,"
                                + " and start the server with it in HF_TOKEN")
                        .formatted(repository.path()));
    }

    private Entry entry(String name) {
        var entry = entries.get(name);
        if (entry == null) {
            throw new IllegalArgumentException(repository.path() + " has no file " + name);
        }
        return entry;
    }
}
