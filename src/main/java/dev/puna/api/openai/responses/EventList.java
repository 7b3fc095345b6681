// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.openai.responses;

import dev.puna.api.http.framing.ServerSentEvent;
import dev.puna.api.openai.responses.wire.OutputItem;
import dev.puna.api.openai.responses.wire.ResponseEvent;
import dev.puna.api.openai.responses.wire.ResponseObject;
import dev.puna.api.openai.responses.wire.TextPart;
import java.util.ArrayList;
import java.util.List;

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
        add(new ResponseEvent.State(type, next, response));
    }

    /** An item begins. */
    void added(int index, OutputItem item) {
        add(new ResponseEvent.Item("response.output_item.added", next, index, item));
    }

    /** An item is whole. */
    void done(int index, OutputItem item) {
        add(new ResponseEvent.Item("response.output_item.done", next, index, item));
    }

    /** The text of a message begins. */
    void partAdded(String itemId, int index, TextPart part) {
        add(new ResponseEvent.Part("response.content_part.added", next, itemId, index, 0, part));
    }

    /** The text of a message is whole. */
    void partDone(String itemId, int index, TextPart part) {
        add(new ResponseEvent.Part("response.content_part.done", next, itemId, index, 0, part));
    }

    /** More of the text of a message. */
    void text(String itemId, int index, String delta, List<? extends Record> logprobs) {
        add(new ResponseEvent.TextDelta("response.output_text.delta", next, itemId, index, 0, delta, logprobs));
    }

    /** All of the text of a message. */
    void textDone(String itemId, int index, String text, List<? extends Record> logprobs) {
        add(new ResponseEvent.WholeText("response.output_text.done", next, itemId, index, 0, text, logprobs));
    }

    /** More of thoughts. */
    void thoughts(String itemId, int index, String delta) {
        add(new ResponseEvent.ThoughtDelta("response.reasoning_summary_text.delta", next, itemId, index, 0, delta));
    }

    /** All of the thoughts. */
    void thoughtsDone(String itemId, int index, String text) {
        add(new ResponseEvent.WholeThought("response.reasoning_summary_text.done", next, itemId, index, 0, text));
    }

    /** What a call of a function is made with, which comes whole. */
    void arguments(String itemId, int index, String name, String arguments) {
        add(new ResponseEvent.CallDelta("response.function_call_arguments.delta", next, itemId, index, arguments));
        add(new ResponseEvent.WholeCall("response.function_call_arguments.done", next, itemId, index, name, arguments));
    }

    /** What a call of a tool that takes any text is made with, which comes whole. */
    void input(String itemId, int index, String input) {
        add(new ResponseEvent.CallDelta("response.custom_tool_call_input.delta", next, itemId, index, input));
        add(new ResponseEvent.WholeInput("response.custom_tool_call_input.done", next, itemId, index, input));
    }

    private void error(String code, String message) {
        add(new ResponseEvent.Failure("error", next, code, message, null));
    }

    private void add(ResponseEvent event) {
        next++;
        due.add(new ServerSentEvent(event.type(), event));
    }
}
