// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.anthropic;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import dev.puna.api.answer.Answer;
import dev.puna.api.anthropic.request.Delivery;
import dev.puna.api.anthropic.wire.BlockObject;
import dev.puna.api.anthropic.wire.EventObject;
import dev.puna.api.anthropic.wire.EventObject.Delta;
import dev.puna.api.anthropic.wire.MessageObject;
import dev.puna.api.anthropic.wire.UsageObject;
import dev.puna.api.http.RandomId;
import dev.puna.api.http.framing.ServerSentEvent;
import dev.puna.api.json.CallArguments;
import dev.puna.api.json.RecordJson;
import dev.puna.chat.CallIds;
import dev.puna.chat.ToolCall;
import dev.puna.engine.FinishReason;
import dev.puna.engine.GenerationEvent;
import dev.puna.engine.GenerationEvent.Finished;
import dev.puna.engine.GenerationEvent.PromptProgress;
import dev.puna.engine.GenerationEvent.Reasoning;
import dev.puna.engine.GenerationEvent.Text;
import dev.puna.engine.GenerationEvent.ToolUse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How the events of one generation become an answer of {@code /v1/messages}: blocks, whole or as they grow. One answer at a time; the
 * events come one after the other, from any thread. Source: contract 1.12.
 */
final class MessageAnswer implements Answer {
    private final String id = RandomId.of("msg_");
    private final Delivery delivery;

    /** The block that grows; nothing between blocks. */
    private @Nullable OpenBlock open;

    /** Blocks that are whole, kept only where the answer is not streamed; {@link #ended} counts them in either case. */
    private final List<BlockObject> blocks = new ArrayList<>();

    private int ended;
    private boolean begun;
    private boolean called;
    private @Nullable Finished end;

    MessageAnswer(Delivery delivery) {
        this.delivery = delivery;
    }

    @Override
    public List<ServerSentEvent> pieces(GenerationEvent event) {
        var pieces = new ArrayList<EventObject>();
        if (!begun) {
            begun = true;
            pieces.add(
                    EventObject.begins(message(List.of(), null, null, UsageObject.of(delivery.roughTokens(), 0, 0))));
        }
        switch (event) {
            case PromptProgress _ -> throw new IllegalStateException("no progress was asked for");
            case Text(var piece, var _) -> grow(piece, false, pieces);
            case Reasoning(var piece, var _) -> grow(piece, true, pieces);
            case ToolUse(var call) -> call(call, pieces);
            case Finished finished -> {
                close(pieces);
                pieces.add(EventObject.ends(Delta.end(reason(finished), sequence(finished)), usage(finished)));
                pieces.add(EventObject.end());
            }
        }
        return pieces.stream()
                .map(piece -> new ServerSentEvent(piece.type(), piece))
                .toList();
    }

    private void grow(String piece, boolean reasoning, List<EventObject> pieces) {
        if (piece.isEmpty()) {
            return;
        }
        var block = open;
        if (block == null || block.reasoning() != reasoning) {
            close(pieces);
            block = new OpenBlock(reasoning);
            open = block;
            pieces.add(EventObject.begins(ended, block.beginning()));
        }
        block.add(piece);
        pieces.add(EventObject.grows(ended, reasoning ? Delta.thinking(piece) : Delta.text(piece)));
    }

    private void close(List<EventObject> pieces) {
        if (open != null) {
            if (open.reasoning()) {
                pieces.add(EventObject.grows(ended, Delta.signature(open.signature())));
            }
            pieces.add(EventObject.ends(ended));
            ended++;
            open = null;
        }
    }

    private void call(ToolCall call, List<EventObject> pieces) {
        close(pieces);
        called = true;
        var arguments = new String(RecordJson.bytes(CallArguments.of(call.arguments())), UTF_8);
        pieces.add(EventObject.begins(ended, BlockObject.call(CallIds.of(call), call.name(), Map.of())));
        pieces.add(EventObject.grows(ended, Delta.arguments(arguments)));
        pieces.add(EventObject.ends(ended));
        ended++;
    }

    @Override
    public void add(GenerationEvent event) {
        switch (event) {
            case PromptProgress _ -> throw new IllegalStateException("no progress was asked for");
            case Text(var piece, var _) -> keep(piece, false);
            case Reasoning(var piece, var _) -> keep(piece, true);
            case ToolUse(var call) -> {
                keepOpen();
                called = true;
                blocks.add(BlockObject.call(CallIds.of(call), call.name(), CallArguments.of(call.arguments())));
            }
            case Finished finished -> {
                keepOpen();
                end = finished;
            }
        }
    }

    private void keep(String piece, boolean reasoning) {
        if (piece.isEmpty()) {
            return;
        }
        if (open == null || open.reasoning() != reasoning) {
            keepOpen();
            open = new OpenBlock(reasoning);
        }
        open.add(piece);
    }

    private void keepOpen() {
        if (open != null) {
            blocks.add(open.whole());
            open = null;
        }
    }

    @Override
    public MessageObject whole() {
        var finished = requireNonNull(end, "the answer has no end");
        return message(blocks, reason(finished), sequence(finished), usage(finished));
    }

    @Override
    public MessageObject empty() {
        return message(List.of(), "end_turn", null, UsageObject.of(0, 0, 0));
    }

    @Override
    public MessageObject rendered(String prompt, int images) {
        throw new IllegalStateException("no request of this API asks for its prompt");
    }

    private MessageObject message(
            List<BlockObject> content, @Nullable String reason, @Nullable String sequence, UsageObject usage) {
        return new MessageObject(id, "message", "assistant", delivery.model(), content, reason, sequence, usage);
    }

    private String reason(Finished finished) {
        if (called) {
            return "tool_use";
        }
        if (finished.reason() == FinishReason.LENGTH) {
            return "max_tokens";
        }
        return sequence(finished) == null ? "end_turn" : "stop_sequence";
    }

    /** Stop strings of the model itself end its turn as any other end does. */
    private @Nullable String sequence(Finished finished) {
        return !called && delivery.stops().contains(finished.stop()) ? finished.stop() : null;
    }

    private static UsageObject usage(Finished finished) {
        var usage = finished.usage();
        return UsageObject.of(usage.promptTokens(), usage.cachedTokens(), usage.generatedTokens());
    }
}
