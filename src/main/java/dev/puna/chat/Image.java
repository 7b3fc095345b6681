// SPDX-License-Identifier: Apache-2.0
package dev.puna.chat;

import java.util.Arrays;

/**
 * The bytes of one image (or sound) as the client sent them, still encoded (PNG, JPEG, WebP, WAV).
 *
 * <p>The array is not copied: whoever makes an image hands the array over.
 */
public record Image(byte[] encoded) {

    @Override
    public boolean equals(Object other) {
        return other instanceof Image image && Arrays.equals(encoded, image.encoded);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(encoded);
    }

    @Override
    public String toString() {
        return "Image[" + encoded.length + " bytes]";
    }
}
