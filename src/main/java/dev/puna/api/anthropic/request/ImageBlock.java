// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.anthropic.request;

import dev.puna.api.json.JsonObject;
import dev.puna.api.json.JsonValue;
import dev.puna.api.request.ImageAddress;
import dev.puna.chat.Image;
import dev.puna.failure.InvalidRequest;

/** Images of a request, which come as base64 or by their address. Source: contract 1.12; departure 22. */
final class ImageBlock {
    private ImageBlock() {}

    static Image read(JsonObject block, String field) {
        var source = block.field("source")
                .map(value -> value.object("anthropic.ImageSource"))
                .orElseThrow(() -> new InvalidRequest("invalid image source", field));
        var type = source.string("type");
        if (type.equals("url")) {
            return source.field("url")
                    .filter(JsonValue::isString)
                    .flatMap(ImageAddress::at)
                    .orElseThrow(() -> new InvalidRequest(
                            "an image that is elsewhere needs its http or https address", field + ".source.url"));
        }
        if (!type.equals("base64")) {
            throw new InvalidRequest(
                    "invalid image source type: %s. Only base64 images are supported.".formatted(type));
        }
        var data = source.field("data")
                .orElseThrow(() -> new InvalidRequest("an image needs its data as base64", field + ".source.data"));
        byte[] bytes;
        try {
            bytes = data.bytes("string");
        } catch (InvalidRequest wrong) {
            throw new InvalidRequest("invalid base64 image data: " + wrong.text(), field + ".source.data");
        }
        if (bytes.length == 0) {
            throw new InvalidRequest("an image needs its data as base64", field + ".source.data");
        }
        return new Image(bytes);
    }
}
