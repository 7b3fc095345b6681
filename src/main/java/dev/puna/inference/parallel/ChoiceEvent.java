// SPDX-License-Identifier: Apache-2.0
package dev.puna.inference.parallel;

import static java.util.Objects.requireNonNull;

import dev.puna.engine.GenerationEvent;

/**
 * What happens in one of the answers of a request.
 *
 * @param index of the answer, from 0: those of the first prompt come first
 * @param event what happens
 */
public record ChoiceEvent(int index, GenerationEvent event) {
    public ChoiceEvent {
        requireNonNull(event, "event is null");
    }
}
