// SPDX-License-Identifier: Apache-2.0
package dev.puna.template;

import dev.puna.chat.Image;
import dev.puna.chat.Message;
import dev.puna.chat.Thinking;
import dev.puna.failure.InvalidRequest;
import dev.puna.go.GoText;
import dev.puna.model.Capability;
import dev.puna.model.GoTemplateTraits;
import dev.puna.template.syntax.Node;
import dev.puna.template.syntax.Node.Sequence;
import dev.puna.template.value.Type;
import dev.puna.template.value.Type.Field;
import dev.puna.template.value.Value;
import dev.puna.template.value.Value.Listing;
import dev.puna.template.value.Value.Mapping;
import dev.puna.template.value.Value.Octet;
import dev.puna.template.value.Value.Pointer;
import dev.puna.template.value.Value.Struct;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A Go template that makes prompts of conversations, with the data that Ollama gives it.
 *
 * <p>A template that mentions {@code .Messages} gets them all at once. An older one is run for every exchange, and the last time only
 * up to where the answer begins. Immutable; any thread. Source: contract 8.1 to 8.5.
 */
public final class PromptTemplate {
    private static final Type IMAGE = Type.slice("api.ImageData", Type.UINT8);
    private static final Type MESSAGE = Type.struct(
            "api.Message",
            new Field("Role", "role", false, Type.STRING),
            new Field("Content", "content", false, Type.STRING),
            new Field("Thinking", "thinking", true, Type.STRING),
            new Field("Images", "images", true, Type.slice("[]api.ImageData", IMAGE)),
            new Field("ToolCalls", "tool_calls", true, ToolTypes.CALLS),
            new Field("ToolName", "tool_name", true, Type.STRING),
            new Field("ToolCallID", "tool_call_id", true, Type.STRING));
    private static final Type MESSAGES = Type.slice("[]*api.Message", MESSAGE.pointer());

    private final GoTemplate template;
    private final Set<String> names;
    private final Sequence root;
    private final ResponseTags answerTags;

    private final boolean namesToolRole;

    private PromptTemplate(GoTemplate template, String text) {
        this.template = template;
        this.names = TreeNames.of(template.trees().values());
        this.root = names.contains("messages") || names.contains("response")
                ? template.root()
                : CutTree.with(template.root(), response());
        this.answerTags = ResponseTags.of(template.root());
        this.namesToolRole = text.contains("\"tool\"") || text.contains("tool_response");
    }

    /**
     * Parses a template.
     *
     * @throws InvalidRequest if it is none, in Go's words
     */
    public static PromptTemplate parse(String text) {
        return new PromptTemplate(GoTemplate.parse(text), text);
    }

    /** By what the answer can be taken apart. */
    public ResponseTags answerTags() {
        return answerTags;
    }

    /** What the template tells of its model. */
    public GoTemplateTraits traits() {
        var capabilities = new ArrayList<Capability>();
        if (names.contains("tools")) {
            capabilities.add(Capability.TOOLS);
        }
        if (names.contains("suffix")) {
            capabilities.add(Capability.INSERT);
        }
        if (answerTags.thinks()) {
            capabilities.add(Capability.THINKING);
        }
        return new GoTemplateTraits(capabilities, names.contains("toolcalls") && namesToolRole);
    }

    /** An action that prints the answer, for a template that forgot it. */
    private static Node response() {
        var field = new Node.Field(0, List.of("Response"));
        var command = new Node.Command(0, List.of(field));
        return new Node.Action(0, new Node.Pipeline(0, false, List.of(), List.of(command)));
    }

    /**
     * The prompt of a conversation.
     *
     * @throws InvalidRequest if the template fails on it, in Go's words, or uses more depth, text or time than it may
     */
    public String render(PromptInputs inputs) {
        var out = new StringBuilder();
        var budget = new Budget(inputs.length());
        var collation = Collation.of(inputs.messages());
        var prompt =
                inputs.messages().isEmpty() ? "" : inputs.messages().getLast().content();
        if (!inputs.suffix().isEmpty() && !prompt.isEmpty()) {
            var values = values(inputs.thinking(), Map.of("Prompt", prompt, "Suffix", inputs.suffix()));
            template.render(root, Mapping.of(values), budget, out);
        } else if (names.contains("messages")) {
            var values = values(inputs.thinking(), Map.of("System", collation.system()));
            values.put("Messages", messages(collation.messages()));
            values.put("Tools", ToolTypes.tools(inputs.tools()));
            template.render(root, Mapping.of(values), budget, out);
        } else {
            new Exchanges(inputs.thinking(), budget, out).render(collation.messages());
        }
        return GoText.text(out.toString());
    }

    private static SortedMap<String, Value> values(Thinking thinking, Map<String, String> texts) {
        var values = new TreeMap<String, Value>();
        values.put("Response", Value.of(""));
        values.put("Think", Value.of(thinking.wanted()));
        values.put("ThinkLevel", Value.of(thinking == Thinking.ON ? "medium" : thinking.level()));
        values.put("IsThinkSet", Value.of(thinking != Thinking.UNSET));
        texts.forEach((name, text) -> values.put(name, Value.of(text)));
        return values;
    }

    private static Value messages(List<Message> messages) {
        return Listing.of(
                MESSAGES, messages.stream().map(PromptTemplate::message).toList());
    }

    private static Value message(Message message) {
        return Pointer.to(new Struct(
                MESSAGE,
                List.of(
                        Value.of(message.role()),
                        Value.of(message.content()),
                        Value.of(message.thinking()),
                        Listing.of(
                                Type.slice("[]api.ImageData", IMAGE),
                                message.images().stream()
                                        .map(PromptTemplate::image)
                                        .toList()),
                        ToolTypes.calls(message.toolCalls()),
                        Value.of(message.toolName()),
                        Value.of(message.toolCallId()))));
    }

    private static Value image(Image image) {
        var bytes = image.encoded();
        return Listing.of(IMAGE, new AbstractList<Value>() {
            @Override
            public Value get(int index) {
                return new Octet(Byte.toUnsignedInt(bytes[index]));
            }

            @Override
            public int size() {
                return bytes.length;
            }
        });
    }

    /** Runs a template of the old form: one exchange after another. */
    private final class Exchanges {
        private final Thinking thinking;
        private final Budget budget;
        private final StringBuilder out;
        private String system = "";
        private String prompt = "";
        private String response = "";

        Exchanges(Thinking thinking, Budget budget, StringBuilder out) {
            this.thinking = thinking;
            this.budget = budget;
            this.out = out;
        }

        void render(List<Message> messages) {
            for (var message : messages) {
                switch (message.role()) {
                    case "system" -> {
                        if (!prompt.isEmpty() || !response.isEmpty()) {
                            finish();
                        }
                        system = message.content();
                    }
                    case "user" -> {
                        if (!response.isEmpty()) {
                            finish();
                        }
                        prompt = message.content();
                    }
                    case "assistant" -> response = message.content();
                    default -> {}
                }
            }
            render(CutTree.of(root));
        }

        private void finish() {
            render(root);
            system = "";
            prompt = "";
            response = "";
        }

        private void render(Sequence tree) {
            var texts = Map.of("System", system, "Prompt", prompt, "Response", response);
            template.render(tree, Mapping.of(values(thinking, texts)), budget, out);
        }
    }
}
