// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.wire;

import dev.puna.chat.Image;
import dev.puna.chat.Message;
import dev.puna.chat.Thinking;
import dev.puna.chat.ToolCall;
import dev.puna.chat.ToolCalling;
import dev.puna.chat.ToolDefinition;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;

/** Turns of a conversation, in bodies. */
final class ChatCodec {
    private static final List<Thinking> LEVELS = List.of(Thinking.values());
    private static final List<ToolCalling.Choice> CHOICES = List.of(ToolCalling.Choice.values());

    private ChatCodec() {}

    static void writeMessage(BodyWriter out, Message message) {
        out.text(message.role());
        out.text(message.content());
        out.text(message.thinking());
        out.list(message.images(), ChatCodec::writeImage);
        out.list(message.toolCalls(), ChatCodec::writeCall);
        out.text(message.toolName());
        out.text(message.toolCallId());
    }

    static Message readMessage(BodyReader in) throws IOException {
        return new Message(
                in.text(),
                in.text(),
                in.text(),
                in.list(ChatCodec::readImage),
                in.list(ChatCodec::readCall),
                in.text(),
                in.text());
    }

    static void writeImage(BodyWriter out, Image image) {
        out.bytes(image.encoded());
        out.text(image.address());
    }

    static Image readImage(BodyReader in) throws IOException {
        return new Image(in.bytes(), in.text());
    }

    static void writeCall(BodyWriter out, ToolCall call) {
        out.text(call.id());
        out.int32(call.index());
        out.text(call.name());
        out.text(call.arguments());
    }

    static ToolCall readCall(BodyReader in) throws IOException {
        return new ToolCall(in.text(), in.int32(), in.text(), in.text());
    }

    static void writeTool(BodyWriter out, ToolDefinition tool) {
        out.text(tool.name());
        out.text(tool.json());
    }

    static ToolDefinition readTool(BodyReader in) throws IOException {
        return new ToolDefinition(in.text(), in.text());
    }

    static void writeCalling(BodyWriter out, ToolCalling calling) {
        out.one(calling.choice());
        out.list(calling.allowed(), BodyWriter::text);
        out.flag(calling.parallel());
    }

    static ToolCalling readCalling(BodyReader in) throws IOException {
        var choice = in.oneOf(CHOICES);
        var names = in.list(BodyReader::text);
        var allowed = new LinkedHashSet<>(names);
        if (allowed.size() < names.size()) {
            throw new ProtocolException("a message allows a tool twice");
        }
        return new ToolCalling(choice, allowed, in.flag());
    }

    static Thinking readThinking(BodyReader in) throws IOException {
        return in.oneOf(LEVELS);
    }
}
