// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.openai.responses.request;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.puna.api.json.CallArguments;
import dev.puna.api.json.JsonObject;

/** Tools that take any text, which models know as functions of one argument, {@code input}. Source: addendum 4.2. */
public final class CustomTools {
    private static final String INPUT = "input";

    private CustomTools() {}

    /** The arguments of a call with that text. */
    static String arguments(String input) {
        return JsonNodeFactory.instance.objectNode().put(INPUT, input).toString();
    }

    /** The text of a call; of arguments without one all of them. */
    public static String input(String arguments) {
        var input = CallArguments.of(arguments).path(INPUT);
        return input.isTextual() ? input.textValue() : CallArguments.text(arguments);
    }

    /** What the model is told of a tool: what it is for, and the form that its text has to take. */
    static String description(JsonObject tool) {
        var description = tool.string("description");
        return tool.field("format")
                .map(format -> format.object("openai.ResponsesToolFormat"))
                .filter(format -> format.string("type").equals("grammar"))
                .map(grammar -> "%s\n\nThe text of input has to match this %s grammar:\n%s"
                        .formatted(description, grammar.string("syntax"), grammar.string("definition"))
                        .strip())
                .orElse(description);
    }
}
