// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.media;

import dev.puna.chat.Image;
import dev.puna.chat.Message;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Says where in a text its images belong: {@code [img-0]} is the first one. Pure. Source: contract 1.4.
 */
public final class ImageTags {

    private static final Pattern TAG = Pattern.compile("\\[img-(\\d{1,9})]");
    private static final String PLACE = "[img]";

    private ImageTags() {}

    /** Messages that say in their content where their images belong, and the images in order. */
    public record Tagged(List<Message> messages, List<Image> images) {
        public Tagged {
            messages = List.copyOf(messages);
            images = List.copyOf(images);
        }
    }

    /** A piece of a text: either text or the image that belongs there. */
    public sealed interface Piece {
        /** Text without tags. */
        record Text(String text) implements Piece {}

        /** The image of a tag. */
        record Reference(int index) implements Piece {}
    }

    /** Each image takes the place of an {@code [img]} in its message, or comes before what the message says. */
    public static Tagged of(List<Message> messages) {
        var images = new ArrayList<Image>();
        var tagged = new ArrayList<Message>();
        for (var message : messages) {
            var content =
                    placed(message.content(), images.size(), message.images().size(), Set.of());
            images.addAll(message.images());
            tagged.add(message.images().isEmpty() ? message : message.withContent(content));
        }
        return new Tagged(tagged, images);
    }

    /** A text that may have tags already, for those images that it does not name. */
    public static String completed(String text, int count) {
        var named = new HashSet<String>();
        for (var tags = TAG.matcher(text); count > 0 && tags.find(); ) {
            named.add(tags.group());
        }
        return placed(text, 0, count, named);
    }

    /** Takes a text apart; what names an image that is not there is text. */
    public static List<Piece> split(String text, int count) {
        var pieces = new ArrayList<Piece>();
        var tags = TAG.matcher(text);
        var from = 0;
        while (tags.find()) {
            var index = Integer.parseInt(tags.group(1));
            if (index < count) {
                pieces.add(new Piece.Text(text.substring(from, tags.start())));
                pieces.add(new Piece.Reference(index));
                from = tags.end();
            }
        }
        pieces.add(new Piece.Text(text.substring(from)));
        return pieces;
    }

    /** How often a text names an image that is there. */
    public static long count(String text, int images) {
        return TAG.matcher(text)
                .results()
                .filter(tag -> Integer.parseInt(tag.group(1)) < images)
                .count();
    }

    /** Whether a text names any image. */
    public static boolean names(String text) {
        return TAG.matcher(text).find();
    }

    /** A text of which no tag names an image any more. */
    public static String removed(String text) {
        return TAG.matcher(text).replaceAll("");
    }

    /**
     * A text that says where images belong.
     *
     * @param first number of the first of them
     * @param named tags of images that have their place already
     */
    private static String placed(String text, int first, int count, Set<String> named) {
        var beginning = new StringBuilder();
        var rest = new StringBuilder();
        var from = 0;
        var place = count == 0 ? -1 : text.indexOf(PLACE);
        for (var index = first; index < first + count; index++) {
            var tag = tag(index);
            if (place >= 0) {
                rest.append(text, from, place).append(tag);
                from = place + PLACE.length();
                place = text.indexOf(PLACE, from);
            } else if (!named.contains(tag)) {
                beginning.append(tag);
            }
        }
        return from == 0 && beginning.isEmpty()
                ? text
                : beginning.append(rest).append(text, from, text.length()).toString();
    }

    private static String tag(int index) {
        return "[img-" + index + "]";
    }
}
