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
     * @param callable what may be called
     * @param callRules what the answer, or else one in the request's output format, must be; empty if that is left to the model
     */
    record Described(
            String samplerJson,
            String parserJson,
            boolean plain,
            boolean constrained,
            Optional<CallMarks> callMarks,
            CallableTools callable,
            Optional<CallRules> callRules)
            implements ResponseFormat {
        public Described {
            requireNonNull(samplerJson, "samplerJson is null");
            requireNonNull(parserJson, "parserJson is null");
            requireNonNull(callMarks, "callMarks is null");
            requireNonNull(callable, "callable is null");
            requireNonNull(callRules, "callRules is null");
        }
    }

    /**
     * As the tags in a Go template say, or of a template in whose notation nothing can be called for certain. Source: contract 8.6 and
     * 8.7.
     *
     * @param thinking between which a model of this template reasons; empty if it does not, or should not be told apart
     * @param insideThought whether the prompt ends with the opening tag already
     * @param toolTag what comes before a call; empty if the template knows no calls
     * @param callable what may be called
     * @param callsInJson whether the answer, or else one in the request's output format, must be calls, in JSON that is everybody's
     */
    record Tagged(
            Optional<ThinkingTags> thinking,
            boolean insideThought,
            Optional<String> toolTag,
            CallableTools callable,
            boolean callsInJson)
            implements ResponseFormat {
        public Tagged {
            requireNonNull(thinking, "thinking is null");
            requireNonNull(toolTag, "toolTag is null");
            requireNonNull(callable, "callable is null");
        }

        /** An answer whose calls are left to the model. */
        public Tagged(
                Optional<ThinkingTags> thinking,
                boolean insideThought,
                Optional<String> toolTag,
                List<ToolDefinition> tools) {
            this(thinking, insideThought, toolTag, new CallableTools(tools, true, false), false);
        }
    }

    /** What may be called in the answer. */
    default CallableTools callable() {
        return CallableTools.NONE;
    }
}
