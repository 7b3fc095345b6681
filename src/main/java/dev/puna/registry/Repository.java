// SPDX-License-Identifier: Apache-2.0
package dev.puna.registry;

import static java.util.Objects.requireNonNull;

import dev.puna.failure.InvalidRequest;
import dev.puna.failure.RegistryFailure;
import dev.puna.model.Digest;
import dev.puna.model.ModelName;
import java.net.URI;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Where a registry keeps one model. Source: contract 4.
 *
 * @param name the model's
 * @param insecure whether it is asked by {@code http}, as the user has allowed
 */
public record Repository(ModelName name, boolean insecure) {
    private static final Pattern DIGEST = Pattern.compile("(?i)sha256[-:].*");

    public Repository {
        requireNonNull(name, "name is null");
    }

    /** Reads a name as people write it; what it makes no sense of is an {@link InvalidRequest}. */
    public static Repository parse(String text, boolean insecure) {
        if (DIGEST.matcher(text).matches()) {
            throw new InvalidRequest("digest references are local: " + text);
        }
        var repository = new Repository(ModelName.parse(text), insecure);
        if (text.toLowerCase(Locale.ROOT).startsWith("http://") && !insecure) {
            throw new RegistryFailure("insecure protocol http");
        }
        return repository;
    }

    URI manifest() {
        return address("manifests/" + name.tag());
    }

    URI blob(Digest digest) {
        return address("blobs/" + digest.text());
    }

    /** Where uploads begin. */
    URI uploads() {
        return address("blobs/uploads/");
    }

    /** Where Hugging Face lists the files of the repository, and says which revision they are of. */
    URI files() {
        return URI.create("%s://%s/api/models/%s/revision/main?blobs=true".formatted(scheme(), name.host(), path()));
    }

    /**
     * Where Hugging Face has a file of the repository.
     *
     * @param file of letters that need no escapes
     */
    URI file(String revision, String file) {
        return URI.create("%s://%s/%s/resolve/%s/%s".formatted(scheme(), name.host(), path(), revision, file));
    }

    /** The repository's name at its registry. */
    public String path() {
        return name.namespace() + "/" + name.model();
    }

    private URI address(String rest) {
        return URI.create("%s://%s/v2/%s/%s".formatted(scheme(), name.host(), path(), rest));
    }

    private String scheme() {
        return insecure ? "http" : "https";
    }
}
