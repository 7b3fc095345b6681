// SPDX-License-Identifier: Apache-2.0
package dev.puna.inference;

import dev.puna.chat.Image;
import dev.puna.failure.InvalidRequest;

/** Gets the bytes of images of which a request says only where they are. <b>Threads:</b> any; a fetch blocks. */
public interface ImageSource {
    /** Bytes of the largest image that is fetched. */
    int LONGEST = 10 << 20;

    /** For servers that fetch nothing. */
    ImageSource NONE = new ImageSource() {
        @Override
        public void check(String address) {
            throw new InvalidRequest("image URLs are not currently supported, please use base64 encoded data instead");
        }

        @Override
        public byte[] fetch(String address) {
            check(address);
            return new byte[0];
        }
    };

    /**
     * Refuses an address that must not be asked, without asking anybody.
     *
     * @throws InvalidRequest that says why
     */
    void check(String address);

    /**
     * Fetches what is at an address.
     *
     * @throws InvalidRequest if it may not or cannot be had
     * @throws dev.puna.failure.QueueFull if too many are fetched already
     */
    byte[] fetch(String address);

    /** The image with its bytes. */
    default Image fetched(Image image) {
        return image.isElsewhere() ? new Image(fetch(image.address())) : image;
    }
}
