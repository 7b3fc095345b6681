// SPDX-License-Identifier: Apache-2.0
package dev.puna.model;

import static java.util.Objects.requireNonNull;

import dev.puna.failure.InvalidRequest;
import java.util.Optional;

/**
 * One blob in its role within a model. Source: contract 3.3.
 *
 * @param mediaType role of the blob, one of {@link MediaTypes} or a kind unknown here
 * @param digest which blob
 * @param size length of the blob in bytes
 * @param from short name of the model this layer was inherited from
 */
public record Layer(String mediaType, Digest digest, long size, Optional<String> from) {
    /** Checks the size. */
    public Layer {
        requireNonNull(mediaType, "mediaType is null");
        requireNonNull(digest, "digest is null");
        requireNonNull(from, "from is null");
        if (size < 0) {
            throw new InvalidRequest("the size of a layer is negative: " + size);
        }
    }

    /** A layer of this model's own. */
    public static Layer of(String mediaType, Digest digest, long size) {
        return new Layer(mediaType, digest, size, Optional.empty());
    }

    /** This layer as inherited from the model of that short name. */
    public Layer inheritedFrom(String shortName) {
        return new Layer(mediaType, digest, size, Optional.of(shortName));
    }
}
