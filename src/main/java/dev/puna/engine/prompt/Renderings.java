// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.prompt;

import dev.puna.failure.InvalidRequest;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * What a conversation is rendered to without some of its oldest turns. The newest rendering and the newest that fits are kept, since
 * in the end one of them is wanted once more. Used by one thread.
 */
final class Renderings {
    private final int droppable;
    private final int most;
    private final IntFunction<TextPrompt> renderer;
    private @Nullable Rendering fitting;
    private @Nullable Rendering newest;

    private record Rendering(int dropped, TextPrompt prompt) {}

    /**
     * @param droppable how many turns may go
     * @param most tokens that fit
     * @param renderer renders without so many
     */
    Renderings(int droppable, int most, IntFunction<TextPrompt> renderer) {
        this.droppable = droppable;
        this.most = most;
        this.renderer = renderer;
    }

    /**
     * How many tokens there are without so many turns; an estimate if they do not fit. What a template refuses, or takes too long for,
     * although it took less of the same, does not fit either.
     */
    long tokens(int dropped) {
        TextPrompt prompt;
        try {
            prompt = rendered(dropped);
        } catch (InvalidRequest refused) {
            if (fitting == null) {
                throw refused;
            }
            return 2L * most;
        }
        var size = prompt.size(most);
        if (size <= most) {
            fitting = newest;
        }
        return size;
    }

    /** The prompt without so many turns. */
    TextPrompt without(int dropped) {
        for (var known : new @Nullable Rendering[] {fitting, newest}) {
            if (known != null && known.dropped() == dropped) {
                return known.prompt();
            }
        }
        return rendered(dropped);
    }

    private TextPrompt rendered(int dropped) {
        newest = null;
        var prompt = accepted(dropped);
        newest = new Rendering(dropped, prompt);
        return prompt;
    }

    /** Some templates take turns only in pairs: where one may go, but not alone, the next one goes with it. */
    private TextPrompt accepted(int dropped) {
        try {
            return renderer.apply(dropped);
        } catch (InvalidRequest refused) {
            if (dropped == 0 || dropped == droppable) {
                throw refused;
            }
            return renderer.apply(dropped + 1);
        }
    }
}
