// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.response;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.puna.chat.ToolCall;
import dev.puna.failure.NativeFailure;
import dev.puna.parsing.CallProbe;
import dev.puna.parsing.IncrementalParser;
import dev.puna.parsing.Prose;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Tells it with llama.cpp's parser for a Jinja template, which is asked what the text would be behind a thought that is closed.
 *
 * <p>That parser passes over what it does not understand as long as more may follow, so sentences are looked for here. <b>Owns</b> a
 * parser.
 */
final class PegCallProbe implements CallProbe {

    private final Supplier<IncrementalParser> parsers;
    private final String before;
    private final IncrementalParser parser;
    private final StringBuilder text = new StringBuilder();
    private final CallReading reading = new CallReading();
    private int fed;

    /** From which length on sentences are looked for again, since that costs more the longer the text is. */
    private int due;

    /**
     * A probe.
     *
     * @param parsers of the format; the caller of a parser closes it
     * @param closedThought what an answer begins with whose thought is over
     */
    PegCallProbe(Supplier<IncrementalParser> parsers, String closedThought) {
        this.parsers = parsers;
        this.before = closedThought;
        this.parser = parsers.get();
    }

    @Override
    public boolean add(String piece) {
        text.append(piece);
        // Some formats end with the last bracket, and blanks behind it are no sentence.
        var ready = text.toString().stripTrailing();
        if (ready.length() <= fed) {
            return true;
        }
        var more = (fed == 0 ? before : "") + ready.substring(fed);
        fed = ready.length();
        try {
            reading.add(parser.feed(more.getBytes(UTF_8), false));
        } catch (NativeFailure otherFormat) {
            return false;
        }
        return !reading.sawContent() && !goesOnByNow();
    }

    private boolean goesOnByNow() {
        if (text.length() < due) {
            return false;
        }
        due = text.length() + text.length() / 16;
        return goesOn();
    }

    /** Whether sentences follow, be it without any call or behind one that is whole. */
    private boolean goesOn() {
        var all = text.toString();
        var behind = Prose.behindLastBracket(all);
        if (!reading.sawCall()) {
            return Prose.in(all);
        }
        return Prose.in(behind)
                && !calls(all.substring(0, all.length() - behind.length())).isEmpty();
    }

    @Override
    public List<ToolCall> end() {
        return calls(text.toString());
    }

    private List<ToolCall> calls(String whole) {
        var found = new CallReading();
        try (var fresh = parsers.get()) {
            found.add(fresh.feed((before + whole.stripTrailing()).getBytes(UTF_8), true));
        } catch (NativeFailure otherFormat) {
            return List.of();
        }
        return found.sawContent() ? List.of() : found.whole();
    }

    @Override
    public void close() {
        parser.close();
    }

    /** What a parser's differences add up to. */
    private static final class CallReading {
        private final GrowingCalls growing = new GrowingCalls();
        private final List<ToolCall> calls = new ArrayList<>();
        private boolean content;
        private boolean call;

        void add(String differences) {
            for (var difference : Differences.in(differences)) {
                content = content || !difference.path("content").asText().isBlank();
                var piece = difference.path("tool_call");
                if (!piece.isMissingNode()) {
                    call = true;
                    growing.add(piece).ifPresent(calls::add);
                }
            }
        }

        boolean sawContent() {
            return content;
        }

        boolean sawCall() {
            return call;
        }

        List<ToolCall> whole() {
            growing.end().ifPresent(calls::add);
            return List.copyOf(calls);
        }
    }
}
