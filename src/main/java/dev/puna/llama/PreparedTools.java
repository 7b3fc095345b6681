// SPDX-License-Identifier: Apache-2.0
package dev.puna.llama;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import dev.puna.failure.InvalidRequest;
import dev.puna.llama.guard.SchemaLimits;
import dev.puna.llama.guard.ShimJson;
import dev.puna.schema.StandIns;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The tools of a conversation: checked, and with schemas of which llama.cpp makes the right grammar. Holds texts alone, of which
 * {@link #weight} tells the size, and besides the last grammar and the last format up to a bound. <b>Threads:</b> any.
 */
final class PreparedTools {
    /** Characters of the grammars that are kept, together. */
    static final int LARGEST_GRAMMARS = 512 << 10;

    private final StandIns standIns;
    private final String tools;
    private final String shown;
    private final boolean narrowed;
    private volatile @Nullable Completed last;
    private volatile @Nullable ObjectNode lastFormat;

    /** A grammar of llama.cpp's, and what became of it. */
    private record Completed(String given, boolean parallel, String text) {}

    private PreparedTools(StandIns standIns, String tools, String shown, boolean narrowed) {
        this.standIns = standIns;
        this.tools = tools;
        this.shown = shown;
        this.narrowed = narrowed;
    }

    /**
     * Those of a conversation.
     *
     * @param tools in OpenAI's form; changed on the way
     * @param callable names of those that may be called, as a list; missing for all
     * @throws InvalidRequest naming the tool whose schema asks too much or can hold for nothing
     */
    static PreparedTools of(ArrayNode tools, JsonNode callable) {
        for (var tool : tools) {
            check(tool.path("function"));
            if (tool instanceof ObjectNode given && given.path("type").asText().isEmpty()) {
                given.put("type", "function");
            }
        }
        var shown = tools.toString();
        var narrowed = !callable.isMissingNode();
        if (narrowed) {
            keepOnly(tools, callable);
        }
        var standIns = new StandIns();
        for (var tool : tools) {
            if (tool.path("function") instanceof ObjectNode function && function.has("parameters")) {
                var name = function.path("name").asText();
                function.set("parameters", standIns.parameters(name, function.get("parameters")));
            }
        }
        return new PreparedTools(standIns, tools.toString(), shown, narrowed);
    }

    private static void check(JsonNode function) {
        try {
            SchemaLimits.check(function.path("parameters"));
        } catch (InvalidRequest refused) {
            throw StandIns.refusal(function.path("name").asText(), refused);
        }
    }

    /** The grammar is of some of the tools then, while the prompt shows all. */
    private static void keepOnly(ArrayNode tools, JsonNode callable) {
        var names = callable.valueStream().map(JsonNode::asText).collect(Collectors.toSet());
        tools.removeIf(
                tool -> !names.contains(tool.path("function").path("name").asText()));
    }

    /** Characters that it holds, but for the grammars. */
    long weight() {
        return (long) tools.length() + shown.length() + standIns.weight();
    }

    /** Puts them into the inputs of {@code puna_chat_apply}: those to make a grammar of, and what the template is to show. */
    void putInto(ObjectNode inputs) {
        inputs.putRawValue("tools", new RawValue(tools));
        if (narrowed || standIns.differs()) {
            inputs.putRawValue("shown_tools", new RawValue(shown));
        }
    }

    /** Puts those that are shown into the inputs, for a prompt that is wanted without a grammar. */
    void putShownInto(ObjectNode inputs) {
        inputs.putRawValue("tools", new RawValue(shown));
        inputs.remove("shown_tools");
    }

    /** Whether a prompt shows, or may show, other tools than were given. */
    boolean spoil(String prompt) {
        return narrowed || standIns.showIn(prompt);
    }

    /**
     * The grammar that llama.cpp made, with our rules in their places.
     *
     * @param parallel whether there may be more than one call
     */
    String completed(String grammar, boolean parallel) {
        var known = last;
        if (known != null && known.parallel() == parallel && known.given().equals(grammar)) {
            return known.text();
        }
        var text = CallGrammars.withoutBlankCalls(standIns.complete(grammar), parallel);
        if ((long) grammar.length() + text.length() <= LARGEST_GRAMMARS) {
            last = new Completed(grammar, parallel, text);
        }
        return text;
    }

    /** What {@link #keepFormat} was given last, without its prompt; null if nothing is kept. Not to be changed. */
    @Nullable
    ObjectNode lastFormat() {
        return lastFormat;
    }

    /**
     * Remembers how answers to these tools look.
     *
     * @param result of {@code puna_chat_apply}, completed; nothing in it but its prompt is changed later
     */
    void keepFormat(ObjectNode result) {
        var length = (long) result.path("sampler").path("grammar").asText().length()
                + result.path("parser").path("arena").asText().length();
        if (result.path("format").asLong() != 0 && length <= LARGEST_GRAMMARS) {
            var format = ShimJson.object();
            format.setAll(result);
            format.remove("prompt");
            lastFormat = format;
        }
    }
}
