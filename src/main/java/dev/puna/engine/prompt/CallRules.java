// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.prompt;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import dev.puna.parsing.ThinkingTags;
import java.util.Optional;

/**
 * Calls in the notation of a model's template, as a grammar.
 *
 * @param rules in llama.cpp's notation, beginning at {@code root}; nothing but calls fits
 * @param thinking between which tags a thought may come before them
 * @param insideThought whether the prompt ends with the opening tag already
 */
public record CallRules(String rules, Optional<ThinkingTags> thinking, boolean insideThought) {
    public CallRules {
        requireNonNull(rules, "rules is null");
        requireNonNull(thinking, "thinking is null");
    }

    /**
     * Those of a rendered conversation whose model may call tools. The grammar that llama.cpp has for such an answer begins where
     * the first call does; empty if it has none, or tells only by patterns where that is.
     *
     * @param result what {@code puna_chat_apply} gave
     */
    static Optional<CallRules> in(JsonNode result) {
        var sampler = result.path("sampler");
        var begins = sampler.path("grammar_triggers")
                .valueStream()
                .allMatch(trigger -> trigger.path("type").asText().equals("word"));
        return sampler.path("grammar_lazy").asBoolean() && begins
                ? Optional.of(new CallRules(
                        sampler.path("grammar").asText(), ThoughtMarks.tags(result), ThoughtMarks.begun(result)))
                : Optional.empty();
    }
}
