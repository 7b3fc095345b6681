// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine;

import static java.util.Objects.requireNonNull;

import dev.puna.chat.Image;
import dev.puna.chat.Message;
import dev.puna.chat.Thinking;
import dev.puna.chat.ToolCalling;
import dev.puna.chat.ToolDefinition;
import dev.puna.model.IntList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a model is asked to go on from. */
public sealed interface Prompt {

    /**
     * Text put before the model as it is; only the tokenizer's begin token is added.
     *
     * @param images images, where the text says {@code [img-0]} and so on, else before it
     */
    record Raw(String text, List<Image> images) implements Prompt {
        public Raw {
            requireNonNull(text, "text is null");
            images = List.copyOf(images);
        }

        /** Text without images. */
        public Raw(String text) {
            this(text, List.of());
        }
    }

    /**
     * Tokens put before the model as they are; not even a begin token is added.
     *
     * @param tokens ids of the model's vocabulary, at least one
     */
    record Tokens(List<Integer> tokens) implements Prompt {
        public Tokens {
            tokens = IntList.copyOf(tokens);
        }
    }

    /**
     * A gap in a text, which a model that knows marks for that fills.
     *
     * @param prefix what stands before the gap
     * @param suffix what stands behind it
     * @param begun how the gap's content begins
     * @param extras other texts that may help, the most useful last
     * @param refusal what is said of a model without such marks
     */
    record FillIn(String prefix, String suffix, String begun, List<Extra> extras, String refusal) implements Prompt {
        public FillIn {
            requireNonNull(prefix, "prefix is null");
            requireNonNull(suffix, "suffix is null");
            requireNonNull(begun, "begun is null");
            extras = List.copyOf(extras);
            requireNonNull(refusal, "refusal is null");
        }

        /**
         * A text from elsewhere.
         *
         * @param file where it is from
         */
        public record Extra(String file, String text) {
            public Extra {
                requireNonNull(file, "file is null");
                requireNonNull(text, "text is null");
            }
        }
    }

    /**
     * A conversation that the model's template turns into text.
     *
     * @param messages the turns in order, the model's own system text and examples already among them
     * @param tools what the model is offered
     * @param calling whether and which of the tools it calls
     * @param thinking how much it should reason
     * @param template a Go template that replaces the model's own Jinja template; empty for the model's own
     * @param suffix text that should follow the answer (fill in the middle); empty for none
     * @param context tokens of an earlier exchange that precede the rendered text
     */
    record Conversation(
            List<Message> messages,
            List<ToolDefinition> tools,
            ToolCalling calling,
            Thinking thinking,
            Optional<String> template,
            String suffix,
            List<Integer> context)
            implements Prompt {
        public Conversation {
            messages = List.copyOf(messages);
            tools = List.copyOf(tools);
            requireNonNull(calling, "calling is null");
            requireNonNull(thinking, "thinking is null");
            requireNonNull(template, "template is null");
            requireNonNull(suffix, "suffix is null");
            context = IntList.copyOf(context);
        }

        /** A conversation whose model calls its tools as it likes. */
        public Conversation(
                List<Message> messages,
                List<ToolDefinition> tools,
                Thinking thinking,
                Optional<String> template,
                String suffix,
                List<Integer> context) {
            this(messages, tools, ToolCalling.AUTO, thinking, template, suffix, context);
        }

        /** The tools that may be called. */
        public List<ToolDefinition> callable() {
            return calling.callable(tools);
        }

        public Conversation withMessages(List<Message> newMessages) {
            return new Conversation(newMessages, tools, calling, thinking, template, suffix, context);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Conversation that
                    && messages.equals(that.messages)
                    && tools.equals(that.tools)
                    && calling.equals(that.calling)
                    && thinking.equals(that.thinking)
                    && template.equals(that.template)
                    && suffix.equals(that.suffix)
                    && context.equals(that.context);
        }
    }
}
