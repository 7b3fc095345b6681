// SPDX-License-Identifier: Apache-2.0
package dev.puna.parsing;

import dev.puna.chat.ToolCall;
import dev.puna.parsing.ResponsePart.Call;
import dev.puna.parsing.ResponsePart.Content;
import dev.puna.parsing.ResponsePart.Thought;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Finds the calls of tools that a model makes before it closes its thought: some do. Calls at the end of a thought after which
 * nothing comes, closed or not, are calls. A thought that goes on behind them, or before an answer or a call of its own, only
 * mentions them.
 *
 * <p>From what may be the beginning of a call on, a thought is held back until that is settled, so that none is seen by half.
 * <b>Owns</b> its probes. Not thread-safe.
 */
public final class CallsInThought implements AutoCloseable {

    private final List<String> openers;
    private final Supplier<? extends CallProbe> probes;

    /** What is not settled: it begins with an opener if there is a probe, else it may be the beginning of one. */
    private final StringBuilder held = new StringBuilder();

    private final StringBuilder blanks = new StringBuilder();
    private Optional<CallProbe> probe = Optional.empty();
    private int calls;

    /**
     * A search at the beginning of an answer.
     *
     * @param openers what calls begin with; none if there is nothing to call
     * @param probes for each place where a call may begin
     */
    public CallsInThought(List<String> openers, Supplier<? extends CallProbe> probes) {
        this.openers = List.copyOf(openers);
        this.probes = probes;
    }

    /** What is certain with the next part of the answer. */
    public List<ResponsePart> add(ResponsePart part) {
        if (part instanceof Thought(var piece)) {
            return openers.isEmpty() ? List.of(part) : thought(piece);
        }
        if (part instanceof Content(var piece) && piece.isBlank() && !held.isEmpty()) {
            blanks.append(piece);
            return List.of();
        }
        var parts = new ArrayList<ResponsePart>(release());
        calls += part instanceof Call ? 1 : 0;
        parts.add(part);
        return parts;
    }

    /** Says that an answer or a call of its own follows the thought: what was held back. */
    public List<ResponsePart> release() {
        var parts = new ArrayList<ResponsePart>();
        give(held.length(), parts);
        if (!blanks.isEmpty()) {
            parts.add(new Content(blanks.toString()));
            blanks.setLength(0);
        }
        endProbe();
        return parts;
    }

    /** What was held back at the end of the answer. */
    public List<ResponsePart> end() {
        var parts = new ArrayList<ResponsePart>();
        while (probe.isPresent()) {
            var found = probe.get().end();
            endProbe();
            if (!found.isEmpty()) {
                found.forEach(call -> parts.add(new Call(numbered(call))));
                held.setLength(0);
                blanks.setLength(0);
            } else {
                search(1, parts);
            }
        }
        parts.addAll(release());
        return parts;
    }

    @Override
    public void close() {
        endProbe();
    }

    private List<ResponsePart> thought(String piece) {
        var parts = new ArrayList<ResponsePart>();
        if (!blanks.isEmpty()) {
            parts.addAll(release());
        }
        held.append(piece);
        if (probe.isEmpty()) {
            search(0, parts);
        } else if (!probe.get().add(piece)) {
            endProbe();
            search(1, parts);
        }
        return parts;
    }

    /** Gives what is before the next place where a call may begin, looking from there on. */
    private void search(int from, List<ResponsePart> parts) {
        var start = from;
        while (true) {
            var at = nextOpener(start);
            give(at, parts);
            if (held.isEmpty() || openers.stream().noneMatch(opener -> held.indexOf(opener) == 0)) {
                return;
            }
            var opened = probes.get();
            if (opened.add(held.toString())) {
                probe = Optional.of(opened);
                return;
            }
            opened.close();
            start = 1;
        }
    }

    /** Where the next opener begins, or at the end what may become one. */
    private int nextOpener(int from) {
        var next = held.length();
        for (var opener : openers) {
            var at = held.indexOf(opener, from);
            var here = at >= 0
                    ? at
                    : held.length() - TextTail.beginningOf(opener, held.substring(Math.min(from, held.length())));
            next = Math.min(next, here);
        }
        return next;
    }

    private ToolCall numbered(ToolCall call) {
        return new ToolCall(call.id(), calls++, call.name(), call.arguments());
    }

    private void give(int length, List<ResponsePart> parts) {
        if (length > 0) {
            parts.add(new Thought(held.substring(0, length)));
            held.delete(0, length);
        }
    }

    private void endProbe() {
        probe.ifPresent(CallProbe::close);
        probe = Optional.empty();
    }
}
