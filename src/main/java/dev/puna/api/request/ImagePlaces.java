// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.request;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The text of a turn that has images among its parts. Source: departure 20. */
public final class ImagePlaces {
    /** As the template's text calls the place of an image. */
    private static final String PLACE = "[img]";

    private ImagePlaces() {}

    /**
     * One text of many. Images go before the text by themselves; where some text comes first, they have to be shown their places.
     *
     * @param texts those of a turn, with nothing in the place of an image
     * @param between what joins them
     */
    public static String joined(List<Optional<String>> texts, String between) {
        var firstText = texts.stream().takeWhile(Optional::isEmpty).count();
        var placed = texts.stream().skip(firstText).anyMatch(Optional::isEmpty);
        return texts.stream()
                .filter(text -> placed || text.isPresent())
                .map(text -> text.orElse(PLACE))
                .collect(Collectors.joining(between));
    }
}
