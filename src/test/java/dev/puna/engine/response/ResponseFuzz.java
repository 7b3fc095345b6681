// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.response;

import dev.puna.engine.GenerationEvent;
import dev.puna.fuzz.FuzzTarget;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Bytes of tokens as text: characters, stop strings, repetition. The first byte says how long tokens are; whatever it says, the text is
 * the same unless a model that repeats itself was stopped.
 */
public final class ResponseFuzz implements FuzzTarget {
    private static final List<String> STOPS = List.of("</s>", "\n\n", "stop", "\uD83D\uDE42");

    @Override
    public String name() {
        return "response";
    }

    @Override
    public void run(byte[] input) {
        if (input.length == 0) {
            return;
        }
        var answer = Arrays.copyOfRange(input, 1, input.length);
        var whole = text(answer, answer.length);
        var cut = text(answer, 1 + Byte.toUnsignedInt(input[0]) % 16);
        if (!cut.equals(whole)) {
            throw new AssertionError("whole it is '" + whole + "', in tokens '" + cut + "'");
        }
        var calls = new GrowingCalls();
        var text = FuzzTarget.text(answer);
        calls.add(0, "", "get", text);
        calls.add(answer.length % 3, "", "get", text);
        calls.end();
    }

    private static String text(byte[] answer, int length) {
        var response = new ResponseText(STOPS);
        var text = new StringBuilder();
        for (var from = 0; from < answer.length && response.stop().isEmpty(); from += length) {
            var token = Arrays.copyOfRange(answer, from, Math.min(answer.length, from + length));
            append(response.add(token, Optional.empty()), text);
        }
        append(response.finish(), text);
        if (!response.whole().contentEquals(text)) {
            throw new AssertionError("events and whole text differ");
        }
        return text.toString();
    }

    private static void append(Optional<GenerationEvent.Text> event, StringBuilder text) {
        event.ifPresent(it -> text.append(it.piece()));
    }
}
