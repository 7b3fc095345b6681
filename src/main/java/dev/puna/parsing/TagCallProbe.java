// SPDX-License-Identifier: Apache-2.0
package dev.puna.parsing;

import dev.puna.chat.ToolCall;
import dev.puna.chat.ToolDefinition;
import java.util.List;
import java.util.stream.Stream;

/** Tells it by the tag that a Go template puts before calls: behind it stand objects, and around these no sentences. */
public final class TagCallProbe implements CallProbe {

    private final ToolCallParser parser;
    private final StringBuilder text = new StringBuilder();

    /** From which length on it is looked at again, since that costs more the longer it is. */
    private int due;

    /** A probe of text that begins with the tag. */
    public TagCallProbe(String tag, List<ToolDefinition> tools) {
        this.parser = new ToolCallParser(tag, tools);
    }

    @Override
    public boolean add(String piece) {
        text.append(piece);
        if (text.length() < due) {
            return true;
        }
        due = text.length() + text.length() / 16;
        return !Prose.in(notation());
    }

    @Override
    public List<ToolCall> end() {
        var outside = notation();
        if (Prose.in(outside) || Prose.hasWords(outside.substring(outside.lastIndexOf('}') + 1))) {
            return List.of();
        }
        var all = text.toString();
        return Stream.concat(parser.add(all).stream(), parser.end().stream())
                .filter(ResponsePart.Call.class::isInstance)
                .map(part -> ((ResponsePart.Call) part).call())
                .toList();
    }

    @Override
    public void close() {}

    /** The text without what is in its objects, of which the last may not be closed. */
    private String notation() {
        var all = text.toString();
        var outside = new StringBuilder();
        var from = 0;
        for (var object : JsonObjects.in(all)) {
            outside.append(all, from, object.start()).append("{}");
            from = object.end();
        }
        var rest = all.substring(from);
        var open = rest.indexOf('{');
        return outside.append(open < 0 ? rest : rest.substring(0, open)).toString();
    }
}
