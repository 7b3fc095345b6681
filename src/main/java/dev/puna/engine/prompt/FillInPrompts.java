// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.prompt;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.puna.engine.GenerationRequest;
import dev.puna.engine.Prompt.FillIn;
import dev.puna.engine.token.TokenList;
import dev.puna.failure.InvalidRequest;
import dev.puna.tokenization.FillInMarks;
import dev.puna.tokenization.TextTokens;
import dev.puna.tokenization.Tokenizer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Tokens of a gap that a model fills: other texts, what is before it, what is behind it, how its content begins, each behind the token
 * by which the model knows it. Source: the form that Qwen2.5-Coder was trained with, and llama.cpp's server.
 *
 * <p>Where all of it is too long, the text next to the gap takes three quarters of the context, three parts of it before the gap and one
 * behind it; other texts get what is left of those three quarters. <b>Threads:</b> one.
 */
final class FillInPrompts {
    private static final int QUARTER = 4;

    private final Tokenizer tokenizer;
    private final PromptLimits limits;
    private final int contextLength;
    private final PromptWork work;

    FillInPrompts(Tokenizer tokenizer, int contextLength, PromptWork work) {
        this.tokenizer = tokenizer;
        this.limits = new PromptLimits(contextLength);
        this.contextLength = contextLength;
        this.work = work;
    }

    PreparedPrompt of(FillIn gap, GenerationRequest request) {
        var marks = tokenizer.fillInMarks().orElseThrow(() -> new InvalidRequest(gap.refusal(), "model"));
        var begun = tokens(gap.begun()).all();
        var around =
                IntStream.of(marks.prefix(), marks.suffix(), marks.middle()).toArray();
        var start = tokenizer.addsBos() ? tokenizer.bos().stream().toArray() : new int[0];
        var fixed = start.length + around.length + begun.length;
        if (fixed > contextLength / 2) {
            throw PromptLimits.tooLongWithoutShift();
        }
        var prefix = tokens(gap.prefix());
        var suffix = tokens(gap.suffix());
        var room = limits.mostTokens() - fixed;
        var before = prefix.countUpTo(room);
        var behind = suffix.countUpTo(room);
        var cut = before + behind > room;
        if (cut && !request.truncate()) {
            throw limits.tooLongWithoutTruncation(before + behind + fixed);
        }
        var near = contextLength - contextLength / QUARTER - fixed;
        if (cut) {
            behind = Math.min(behind, Math.max(near / QUARTER, near - before));
            before = Math.min(before, near - behind);
        }
        var all = IntStream.builder();
        add(all, start);
        add(all, extras(gap.extras(), marks, near - before - behind));
        all.add(marks.prefix());
        add(all, prefix.last(before));
        all.add(marks.suffix());
        add(all, suffix.first(behind));
        all.add(marks.middle());
        add(all, begun);
        var tokens = all.build().toArray();
        return new PreparedPrompt(
                new String(tokenizer.bytes(tokens), UTF_8),
                new TokenList(tokens),
                request.options().stop(),
                new ResponseFormat.Plain(),
                List.of(),
                cut);
    }

    /** As many of the other texts as there is room for, the last first; each whole or not at all. */
    private int[] extras(List<FillIn.Extra> extras, FillInMarks marks, int room) {
        Deque<int[]> taken = new ArrayDeque<>();
        var left = room;
        for (var extra : extras.reversed()) {
            var tokens = tokens((marks.file().isPresent() ? "" : "\n") + extra.file() + "\n" + extra.text() + "\n");
            if (tokens.countUpTo(left) >= left) {
                break;
            }
            var one = IntStream.concat(marks.file().stream(), IntStream.of(tokens.all()))
                    .toArray();
            left -= one.length;
            taken.addFirst(one);
        }
        return taken.stream().flatMapToInt(IntStream::of).toArray();
    }

    private TextTokens tokens(String text) {
        return tokenizer.tokens(text, false, work::check);
    }

    private static void add(IntStream.Builder all, int[] some) {
        for (var token : some) {
            all.add(token);
        }
    }
}
