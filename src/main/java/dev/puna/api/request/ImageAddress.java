// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.request;

import dev.puna.api.json.JsonValue;
import dev.puna.chat.Image;
import dev.puna.inference.ImageSource;
import java.util.Optional;

/** Images that a request gives by their address. */
public final class ImageAddress {
    private ImageAddress() {}

    /** The image at an address, if it is one of the web. Whether it may be fetched is looked at with the rest of the request. */
    public static Optional<Image> at(JsonValue url) {
        var address = url.string();
        if (!address.startsWith("http://") && !address.startsWith("https://")) {
            return Optional.empty();
        }
        url.plan(ImageSource.LONGEST);
        return Optional.of(Image.at(address));
    }
}
