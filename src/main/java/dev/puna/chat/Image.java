// SPDX-License-Identifier: Apache-2.0
package dev.puna.chat;

import static java.util.Objects.requireNonNull;

import java.util.Arrays;

/**
 * The bytes of one image (or sound) as the client sent them, still encoded (PNG, JPEG, WebP, WAV).
 *
 * <p>The array is not copied: whoever makes an image hands the array over.
 *
 * @param encoded the bytes; none of an image that is elsewhere
 * @param address where its bytes are to be had; empty if they are here
 */
public record Image(byte[] encoded, String address) {
    public Image {
        requireNonNull(encoded, "encoded is null");
        requireNonNull(address, "address is null");
    }

    /** An image whose bytes are here. */
    public Image(byte[] encoded) {
        this(encoded, "");
    }

    /** An image whose bytes somebody has to fetch before an engine gets it. */
    public static Image at(String address) {
        return new Image(new byte[0], address);
    }

    public boolean isElsewhere() {
        return !address.isEmpty();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Image image && Arrays.equals(encoded, image.encoded) && address.equals(image.address);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(encoded) + address.hashCode();
    }

    @Override
    public String toString() {
        return isElsewhere() ? "Image[elsewhere]" : "Image[" + encoded.length + " bytes]";
    }
}
