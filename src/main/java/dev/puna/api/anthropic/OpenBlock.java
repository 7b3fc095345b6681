// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.anthropic;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.puna.api.anthropic.wire.BlockObject;
import java.util.HexFormat;
import java.util.zip.CRC32C;

/** A block of text or reasoning that grows. <b>Threads:</b> one at a time. */
final class OpenBlock {
    private final boolean reasoning;
    private final StringBuilder text = new StringBuilder();

    OpenBlock(boolean reasoning) {
        this.reasoning = reasoning;
    }

    boolean reasoning() {
        return reasoning;
    }

    void add(String piece) {
        text.append(piece);
    }

    /** As it begins in a stream. */
    BlockObject beginning() {
        return reasoning ? BlockObject.thinking("", "") : BlockObject.text("");
    }

    /** As it is once it is whole. */
    BlockObject whole() {
        return reasoning ? BlockObject.thinking(text.toString(), signature()) : BlockObject.text(text.toString());
    }

    /**
     * What clients send back with the reasoning: some drop what has none. It proves nothing, since reasoning of any origin is welcome; that
     * it follows from the text keeps equal answers equal.
     */
    String signature() {
        var sum = new CRC32C();
        sum.update(text.toString().getBytes(UTF_8));
        return "puna-" + HexFormat.of().toHexDigits((int) sum.getValue());
    }
}
