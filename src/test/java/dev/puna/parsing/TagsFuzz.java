// SPDX-License-Identifier: Apache-2.0
package dev.puna.parsing;

import dev.puna.chat.ToolDefinition;
import dev.puna.fuzz.FuzzTarget;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Answers taken apart by tags. The first byte says by which; however the answer is cut into pieces, the parts put together must be the
 * same.
 */
public final class TagsFuzz implements FuzzTarget {
    private static final List<ThinkingTags> THOUGHTS = List.of(
            new ThinkingTags("<think>", "</think>"),
            new ThinkingTags("[THINK]", "[/THINK]"),
            new ThinkingTags("<|channel|>a", "<|channel|>b"));
    private static final List<String> CALLS = List.of("<tool_call>", "[TOOL_CALLS]", "{", "[", "<|c|>");
    private static final List<ToolDefinition> TOOLS =
            List.of(new ToolDefinition("get", "{}"), new ToolDefinition("get_weather", "{}"));

    @Override
    public String name() {
        return "tags";
    }

    @Override
    public void run(byte[] input) {
        if (input.length == 0) {
            return;
        }
        var text = FuzzTarget.text(input).substring(1);
        var kind = Byte.toUnsignedInt(input[0]);
        var whole = parsed(kind, List.of(text));
        var cut = parsed(kind, pieces(text, new Random(text.hashCode())));
        if (!whole.equals(cut)) {
            throw new AssertionError("whole it is " + whole + ", in pieces " + cut);
        }
        var calls = new LenientCalls(TOOLS, (tool, arguments) -> true);
        calls.add(text);
        calls.end();
        Prose.in(text);
        Prose.behindLastBracket(text);
    }

    private static String parsed(int kind, List<String> pieces) {
        var tag = CALLS.get(kind / 8 % CALLS.size());
        var thinking = new ThinkingParser(THOUGHTS.get(kind % THOUGHTS.size()), (kind & 4) != 0);
        var calls = new ToolCallParser(tag, TOOLS);
        var thought = new StringBuilder();
        var content = new StringBuilder();
        try (var thoughts = new CallsInThought(List.of(tag), () -> new TagCallProbe(tag, TOOLS))) {
            var parts = new ArrayList<ResponsePart>();
            for (var piece : pieces) {
                thinking.add(piece).forEach(part -> passOn(part, calls, thoughts, parts));
            }
            thinking.end().forEach(part -> passOn(part, calls, thoughts, parts));
            calls.end().forEach(part -> parts.addAll(thoughts.add(part)));
            parts.addAll(thoughts.end());
            for (var part : parts) {
                switch (part) {
                    case ResponsePart.Thought(var piece) -> thought.append(piece);
                    case ResponsePart.Content(var piece) -> content.append(piece);
                    case ResponsePart.Call(var call) -> content.append("\n").append(call);
                }
            }
        }
        return thought + "\n|\n" + content;
    }

    private static void passOn(
            ResponsePart part, ToolCallParser calls, CallsInThought thoughts, List<ResponsePart> parts) {
        if (part instanceof ResponsePart.Content(var piece)) {
            calls.add(piece).forEach(found -> parts.addAll(thoughts.add(found)));
        } else {
            parts.addAll(thoughts.add(part));
        }
    }

    private static List<String> pieces(String text, Random random) {
        var pieces = new ArrayList<String>();
        for (var from = 0; from < text.length(); ) {
            var to = Math.min(text.length(), from + 1 + random.nextInt(9));
            pieces.add(text.substring(from, to));
            from = to;
        }
        return pieces;
    }
}
