// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.openai.responses.request;

import dev.puna.api.openai.request.ContentParts;
import dev.puna.chat.Image;
import dev.puna.chat.Message;
import dev.puna.chat.ToolCall;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Turns of a conversation, made of items. Thoughts, texts and calls in a row are one turn of the assistant, as they were one answer;
 * texts of one role in a row are one turn, too, joined by an empty line, since many templates demand turns that alternate.
 * <b>Threads:</b> one; for one input.
 */
final class InputTurns {
    private static final String BETWEEN = "\n\n";

    private final List<Message> turns = new ArrayList<>();

    /** Names of the tools of earlier calls, by the ids of those. */
    private final Map<String, String> called = new HashMap<>();

    /** Ids of calls without a result yet. */
    private final List<String> open = new ArrayList<>();

    private String role = "";
    private final List<String> texts = new ArrayList<>();
    private final List<String> thoughts = new ArrayList<>();
    private final List<Image> images = new ArrayList<>();
    private final List<ToolCall> calls = new ArrayList<>();

    /** Says something. */
    void say(String who, ContentParts content) {
        begin(who);
        texts.add(content.text());
        images.addAll(content.images());
    }

    /** Thinks, before what is said or called next. */
    void think(String thought) {
        if (!thought.isEmpty()) {
            begin("assistant");
            thoughts.add(thought);
        }
    }

    /** Calls a tool. */
    void call(String id, String name, String arguments) {
        begin("assistant");
        calls.add(new ToolCall(id, calls.size(), name, arguments));
        called.put(id, name);
        open.add(id);
    }

    /**
     * Gives the result of a call, if there was such a call.
     *
     * @param given id of the call; empty for the last that has no result, as Codex has it where it could not make a call
     */
    boolean result(String given, ContentParts output) {
        var id = given.isEmpty() && !open.isEmpty() ? open.getLast() : given;
        var name = called.get(id);
        if (name == null) {
            return false;
        }
        end();
        open.remove(id);
        turns.add(new Message("tool", output.text(), "", output.images(), List.of(), name, id));
        return true;
    }

    /** All turns; nothing may follow. */
    List<Message> messages() {
        end();
        return turns;
    }

    private void begin(String who) {
        if (!role.equals(who)) {
            end();
            role = who;
        }
    }

    private void end() {
        if (!role.isEmpty()) {
            turns.add(new Message(
                    role, String.join(BETWEEN, texts), String.join(BETWEEN, thoughts), images, calls, "", ""));
            role = "";
            texts.clear();
            thoughts.clear();
            images.clear();
            calls.clear();
        }
    }
}
