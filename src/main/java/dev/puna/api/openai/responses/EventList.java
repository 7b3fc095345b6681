// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.openai.responses;

import dev.puna.api.http.framing.ServerSentEvent;
import dev.puna.api.openai.responses.wire.OutputItem;
import dev.puna.api.openai.responses.wire.ResponseEvent;
import dev.puna.api.openai.responses.wire.ResponseObject;
import dev.puna.api.openai.responses.wire.TextPart;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The events of one stream, numbered from 0. One thread at a time. */
final class EventList {
    private List<ServerSentEvent> due = new ArrayList<>();
    private int next;

    /** Whether there was no event yet. */
    boolean isNew() {
        return next == 0;
    }

    /** Those that were added since the last call. */
    List<ServerSentEvent> taken() {
        var taken = due;
        due = new ArrayList<>();
        return taken;
    }

    /** An answer begins. */
    void begin(ResponseState state) {
        var begun = state.begun();
        state("response.created", begun);
        state("response.in_progress", begun);
    }

    /**
     * An answer cannot go on. OpenAI tells the error first, and then the state of the answer; some clients look for one of them, some
     * for the other.
     *
     * @param output items that are whole
     * @param ours whether it is the server's fault
     */
    void fail(ResponseState state, List<OutputItem> output, boolean ours, String message) {
        var code = ours ? "server_error" : "invalid_prompt";
        error(code, message);
        state("response.failed", state.failed(output, new ResponseObject.Failed(code, message)));
    }

    /** The state of the answer. */
    void state(String type, ResponseObject response) {
        add(new ResponseEvent(
                type, next, response, null, null, null, null, null, null, null, null, null, null, null, null, null,
                null, null));
    }

    /** An item begins. */
    void added(int index, OutputItem item) {
        item("response.output_item.added", index, item);
    }

    /** An item is whole. */
    void done(int index, OutputItem item) {
        item("response.output_item.done", index, item);
    }

    private void item(String type, int index, OutputItem item) {
        add(new ResponseEvent(
                type, next, null, null, index, null, null, item, null, null, null, null, null, null, null, null, null,
                null));
    }

    /** The text of a message begins, or is whole. */
    void part(String type, String itemId, int index, TextPart part) {
        add(new ResponseEvent(
                type, next, null, itemId, index, 0, null, null, part, null, null, null, null, null, null, null, null,
                null));
    }

    /** More of the text of a message, or all of it. */
    void text(
            String type,
            String itemId,
            int index,
            @Nullable String delta,
            @Nullable String whole,
            List<? extends Record> logprobs) {
        add(new ResponseEvent(
                type, next, null, itemId, index, 0, null, null, null, delta, whole, logprobs, null, null, null, null,
                null, null));
    }

    /** More of thoughts, or all of them. */
    void thoughts(String type, String itemId, int index, @Nullable String delta, @Nullable String whole) {
        add(new ResponseEvent(
                type, next, null, itemId, index, null, 0, null, null, delta, whole, null, null, null, null, null, null,
                null));
    }

    /** What a call is made with, which comes whole. */
    void callDelta(String type, String itemId, int index, String delta) {
        add(new ResponseEvent(
                type, next, null, itemId, index, null, null, null, null, delta, null, null, null, null, null, null,
                null, null));
    }

    /** A call of a function is whole. */
    void arguments(String itemId, int index, String name, String arguments) {
        add(new ResponseEvent(
                "response.function_call_arguments.done",
                next,
                null,
                itemId,
                index,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                name,
                arguments,
                null,
                null,
                null,
                null));
    }

    /** A call of a tool that takes any text is whole. */
    void input(String itemId, int index, String input) {
        add(new ResponseEvent(
                "response.custom_tool_call_input.done",
                next,
                null,
                itemId,
                index,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                input,
                null,
                null,
                null));
    }

    private void error(String code, String message) {
        add(new ResponseEvent(
                "error", next, null, null, null, null, null, null, null, null, null, null, null, null, null, code,
                message, "null"));
    }

    private void add(ResponseEvent event) {
        next++;
        due.add(new ServerSentEvent(event.type(), event));
    }
}
