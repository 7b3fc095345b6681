// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.token;

import dev.puna.model.Digest;
import org.jspecify.annotations.Nullable;

/**
 * A slice of an image.
 *
 * @param image digest of the image as the client sent it
 * @param slice counted from 0
 */
public record ImageKey(Digest image, int slice) {
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ImageKey that && slice == that.slice && image.equals(that.image);
    }
}
