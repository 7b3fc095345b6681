// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine;

import dev.puna.chat.Image;
import dev.puna.chat.Message;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Says where in a text its pictures belong: {@code [img-0]} is the first one. Pure. Source: contract 1.4.
 */
final class PictureTags {

    private static final Pattern TAG = Pattern.compile("\\[img-(\\d{1,9})]");
    private static final String PLACE = "[img]";

    private PictureTags() {}

    /** Messages that say in their content where their pictures belong, and the pictures in order. */
    record Tagged(List<Message> messages, List<Image> images) {}

    /** A piece of a text: either text or the picture that belongs there. */
    sealed interface Piece {
        /** Text without tags. */
        record Text(String text) implements Piece {}

        /** The picture of a tag. */
        record Picture(int index) implements Piece {}
    }

    /** Each picture takes the place of an {@code [img]} in its message, or comes before what the message says. */
    static Tagged of(List<Message> messages) {
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

    /** A text that may have tags already, for those pictures that it does not name. */
    static String completed(String text, int count) {
        var named = new HashSet<String>();
        for (var tags = TAG.matcher(text); count > 0 && tags.find(); ) {
            named.add(tags.group());
        }
        return placed(text, 0, count, named);
    }

    /** Takes a text apart; what names a picture that is not there is text. */
    static List<Piece> split(String text, int pictures) {
        var pieces = new ArrayList<Piece>();
        var tags = TAG.matcher(text);
        var from = 0;
        while (tags.find()) {
            var index = Integer.parseInt(tags.group(1));
            if (index < pictures) {
                pieces.add(new Piece.Text(text.substring(from, tags.start())));
                pieces.add(new Piece.Picture(index));
                from = tags.end();
            }
        }
        pieces.add(new Piece.Text(text.substring(from)));
        return pieces;
    }

    /** Whether a text names any picture. */
    static boolean names(String text) {
        return TAG.matcher(text).find();
    }

    /** A text of which no tag names a picture any more. */
    static String removed(String text) {
        return TAG.matcher(text).replaceAll("");
    }

    /**
     * A text that says where pictures belong.
     *
     * @param first number of the first of them
     * @param named tags of pictures that have their place already
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
