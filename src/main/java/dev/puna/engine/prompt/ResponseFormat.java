// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.prompt;

import static java.util.Objects.requireNonNull;

import dev.puna.chat.ToolDefinition;
import dev.puna.parsing.ThinkingTags;
import java.util.List;
import java.util.Optional;

/** What shape an answer has: how it is steered while it is sampled, and how it is taken apart. */
public sealed interface ResponseFormat {

    /** Text and nothing else. */
    record Plain() implements ResponseFormat {}

    /**
     * As llama.cpp found out from a Jinja template.
     *
     * @param samplerJson the {@code sampler} object of {@code puna_chat_apply}
     * @param parserJson its {@code parser} object
     * @param plain whether the answer is nothing but text, so that no parser is needed
     * @param constrained whether the grammar in {@code samplerJson} describes the request's output format already
     * @param callMarks what calls begin with, if there may be some inside a thought
     */
    record Described(
            String samplerJson, String parserJson, boolean plain, boolean constrained, Optional<CallMarks> callMarks)
            implements ResponseFormat {
        public Described {
            requireNonNull(samplerJson, "samplerJson is null");
            requireNonNull(parserJson, "parserJson is null");
            requireNonNull(callMarks, "callMarks is null");
        }
    }

    /**
     * As the tags in a Go template say. Source: contract 8.6 and 8.7.
     *
     * @param thinking between which a model of this template reasons; empty if it does not, or should not be told apart
     * @param insideThought whether the prompt ends with the opening tag already
     * @param toolTag what comes before a call; empty if the template knows no calls
     * @param tools what may be called
     */
    record Tagged(
            Optional<ThinkingTags> thinking,
            boolean insideThought,
            Optional<String> toolTag,
            List<ToolDefinition> tools)
            implements ResponseFormat {
        public Tagged {
            requireNonNull(thinking, "thinking is null");
            requireNonNull(toolTag, "toolTag is null");
            tools = List.copyOf(tools);
        }
    }
}
