// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.openai.request;

import dev.puna.api.json.JsonObject;
import dev.puna.api.json.JsonValue;
import dev.puna.api.request.ImageAddress;
import dev.puna.api.request.ImagePlaces;
import dev.puna.api.request.RequestFields;
import dev.puna.chat.Image;
import dev.puna.failure.InvalidRequest;
import dev.puna.go.GoQuote;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What one turn says: a text, or parts of text, images and sound that stay one turn (departure 20), in the words of OpenAI's chats or
 * of its responses.
 *
 * @param text the texts; where they are between images, {@code [img]} says where those are
 * @param images images and sound, in order
 */
public record ContentParts(String text, List<Image> images) {
    public static final ContentParts NONE = new ContentParts("", List.of());

    private static final List<String> IMAGE_URLS = List.of(
            "data:;base64,",
            "data:image/jpeg;base64,",
            "data:image/jpg;base64,",
            "data:image/png;base64,",
            "data:image/webp;base64,");

    public ContentParts {
        images = List.copyOf(images);
    }

    /** A text without images. */
    public static ContentParts of(String text) {
        return new ContentParts(text, List.of());
    }

    /**
     * Reads a content that is not null.
     *
     * @param between what joins texts
     * @param field where it stands in the request
     */
    public static ContentParts read(JsonValue value, String between, String field) {
        if (value.isString()) {
            return new ContentParts(text(value), List.of());
        }
        if (!value.isList()) {
            var type = value.isNumber() ? "float64" : value.isBool() ? "bool" : "map[string]interface {}";
            throw new InvalidRequest("invalid message content type: " + type);
        }
        var images = new ArrayList<Image>();
        var texts = new ArrayList<Optional<String>>();
        value.list("[]interface {}", part -> {
            read(part, texts, images, "%s[%d]".formatted(field, texts.size()));
            return true;
        });
        RequestFields.requireFewImages(images.size());
        return new ContentParts(ImagePlaces.joined(texts, between), images);
    }

    /**
     * Reads one part.
     *
     * @param texts gets its text, or nothing in the place of an image
     */
    private static void read(JsonValue value, List<Optional<String>> texts, List<Image> images, String field) {
        if (!value.isObject()) {
            throw new InvalidRequest("invalid message format");
        }
        var part = value.object("openai.ContentPart");
        var type = part.string("type");
        switch (type) {
            case "text", "input_text", "output_text" ->
                texts.add(Optional.of(part.field("text").map(ContentParts::text).orElseThrow(() -> malformed(field))));
            case "refusal" -> texts.add(Optional.of(part.string("refusal")));
            case "image_url", "input_image" -> {
                images.add(image(part, field));
                texts.add(Optional.empty());
            }
            case "input_audio" -> {
                images.add(new Image(sound(part, field)));
                texts.add(Optional.empty());
            }
            case "input_file", "file" ->
                throw new InvalidRequest("file inputs are not currently supported", field + ".type");
            default -> throw new InvalidRequest("unknown content type: " + GoQuote.quoted(type), field + ".type");
        }
    }

    private static String text(JsonValue value) {
        var text = value.string();
        value.plan(RequestFields.COPIES * value.width());
        return text;
    }

    private static Image image(JsonObject part, String field) {
        var url = part.field("image_url")
                .flatMap(value ->
                        value.isObject() ? value.object("openai.ImageUrl").field("url") : Optional.of(value))
                .orElseThrow(() -> malformed(field));
        try {
            var bytes = url.bytesAfter(IMAGE_URLS);
            if (bytes.isPresent()) {
                return new Image(bytes.get());
            }
        } catch (InvalidRequest _) {
            throw new InvalidRequest("invalid image input");
        }
        return ImageAddress.at(url).orElseThrow(() -> new InvalidRequest("invalid image input"));
    }

    private static byte[] sound(JsonObject part, String field) {
        return part.field("input_audio")
                .flatMap(audio -> audio.object("openai.InputAudio").field("data"))
                .orElseThrow(() -> malformed(field))
                .bytes("string");
    }

    private static InvalidRequest malformed(String field) {
        return new InvalidRequest("invalid message format", field);
    }
}
