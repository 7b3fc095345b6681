// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.ollama.wire;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.List;

/**
 * The answer of {@code /api/show} about every manifest of a name that is here. Source: addendum 3.5.
 *
 * @param manifests one for each runner
 * @param license every licence
 */
public record AllManifests(
        List<Entry> manifests,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) String license) {
    public AllManifests {
        manifests = List.copyOf(manifests);
    }

    /**
     * One manifest.
     *
     * @param runner what can run it
     * @param card all there is to know of it
     */
    public record Entry(
            @JsonInclude(JsonInclude.Include.NON_EMPTY) String runner,
            @JsonUnwrapped ModelCard card) {}

    /** The licences are told once, as the first manifest has them. */
    public static AllManifests of(List<ModelCard> cards) {
        return new AllManifests(
                cards.stream()
                        .map(card -> new Entry(card.details().runner(), card))
                        .toList(),
                cards.getFirst().license());
    }
}
