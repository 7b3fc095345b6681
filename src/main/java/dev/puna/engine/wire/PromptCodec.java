// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.wire;

import dev.puna.engine.Prompt;
import java.io.IOException;
import java.util.List;

/** What a model goes on from, in bodies. */
final class PromptCodec {
    private static final List<Form> FORMS = List.of(Form.values());

    private PromptCodec() {}

    private enum Form {
        RAW,
        TOKENS,
        FILL_IN,
        CONVERSATION
    }

    static void write(BodyWriter out, Prompt prompt) {
        switch (prompt) {
            case Prompt.Raw raw -> {
                out.one(Form.RAW);
                out.text(raw.text());
                out.list(raw.images(), ChatCodec::writeImage);
            }
            case Prompt.Tokens tokens -> {
                out.one(Form.TOKENS);
                out.int32s(tokens.tokens());
            }
            case Prompt.FillIn fillIn -> {
                out.one(Form.FILL_IN);
                out.text(fillIn.prefix());
                out.text(fillIn.suffix());
                out.text(fillIn.begun());
                out.list(fillIn.extras(), PromptCodec::writeExtra);
                out.text(fillIn.refusal());
            }
            case Prompt.Conversation conversation -> {
                out.one(Form.CONVERSATION);
                out.list(conversation.messages(), ChatCodec::writeMessage);
                out.list(conversation.tools(), ChatCodec::writeTool);
                ChatCodec.writeCalling(out, conversation.calling());
                out.one(conversation.thinking());
                out.optional(conversation.template(), BodyWriter::text);
                out.text(conversation.suffix());
                out.int32s(conversation.context());
            }
        }
    }

    static Prompt read(BodyReader in) throws IOException {
        return switch (in.oneOf(FORMS)) {
            case RAW -> new Prompt.Raw(in.text(), in.list(ChatCodec::readImage));
            case TOKENS -> new Prompt.Tokens(in.int32s());
            case FILL_IN ->
                new Prompt.FillIn(in.text(), in.text(), in.text(), in.list(PromptCodec::readExtra), in.text());
            case CONVERSATION ->
                new Prompt.Conversation(
                        in.list(ChatCodec::readMessage),
                        in.list(ChatCodec::readTool),
                        ChatCodec.readCalling(in),
                        ChatCodec.readThinking(in),
                        in.optional(BodyReader::text),
                        in.text(),
                        in.int32s());
        };
    }

    private static void writeExtra(BodyWriter out, Prompt.FillIn.Extra extra) {
        out.text(extra.file());
        out.text(extra.text());
    }

    private static Prompt.FillIn.Extra readExtra(BodyReader in) throws IOException {
        return new Prompt.FillIn.Extra(in.text(), in.text());
    }
}
