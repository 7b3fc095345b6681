// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.local;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.puna.engine.FinishReason;
import dev.puna.engine.GenerationEvent;
import dev.puna.engine.TokenLogprob;
import dev.puna.engine.Usage;
import dev.puna.engine.prompt.PromptLimits;
import dev.puna.engine.token.TokenList;
import dev.puna.failure.InvalidRequest;
import dev.puna.failure.NativeFailure;
import dev.puna.llama.Batch;
import dev.puna.llama.Vocabulary;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;

/**
 * Makes the events of an answer from sampled tokens, and decides when it ends.
 *
 * <p><b>Threads:</b> the decode loop's; only the final event that needs a tokenisation is made on the executor given.
 */
final class TokenProcessor {

    /** The most contexts of text that are returned to go on from; of a longer text only the end is. */
    private static final int CONTEXTS_TO_GO_ON_FROM = 16;

    private final Vocabulary vocabulary;
    private final int contextLength;
    private final Executor workers;

    TokenProcessor(Vocabulary vocabulary, int contextLength, Executor workers) {
        this.vocabulary = vocabulary;
        this.contextLength = contextLength;
        this.workers = workers;
    }

    /** Takes what a step gave a sequence into its answer: a token, and guesses that came true; true when the answer has ended. */
    boolean took(TokenRun run, Batch batch) {
        for (var row = run.firstRow(); row < run.endRow() && batch.reached(row); row++) {
            if (row > run.firstRow()) {
                run.sequence().accept(1);
                run.sequence().place().guesser().hit();
            }
            if (took(run.sequence(), batch, row)) {
                return true;
            }
        }
        return false;
    }

    /** Takes a sampled token into its answer; true when the answer has ended with it. */
    private boolean took(Sequence sequence, Batch batch, int row) {
        if (sequence.left() <= 0) {
            finish(sequence, FinishReason.LENGTH);
            return true;
        }
        if (batch.grammarWasStopped(row)) {
            throw new InvalidRequest(
                    "the format cannot be followed: after what the model has written it can go on in too many"
                            + " ways at once; give it fewer alternatives that begin alike, or fewer optional parts in a row");
        }
        batch.failure(row).ifPresent(reason -> {
            throw new NativeFailure("no token could be chosen: " + reason);
        });
        var now = System.nanoTime();
        sequence.sampled(now, batch.samplers());
        if (batch.end(row)) {
            finish(sequence, FinishReason.STOP);
            return true;
        }
        sequence.take(batch.token(row), batch.piece(row), logprob(sequence, batch, row));
        if (ends(sequence)) {
            return true;
        }
        for (var token : batch.forced(row)) {
            sequence.force(token, batch.pieceOf(token), now, batch.samplers());
            if (ends(sequence)) {
                return true;
            }
        }
        return false;
    }

    /** Ends an answer to which a token was added, if it is the last one. */
    private boolean ends(Sequence sequence) {
        if (sequence.stopped()) {
            finish(sequence, FinishReason.STOP);
            return true;
        }
        if (sequence.left() <= 0
                || (contextIsFull(sequence) && !sequence.request().shift())) {
            finish(sequence, FinishReason.LENGTH);
            return true;
        }
        return false;
    }

    /** Drops the older half of a full context behind the tokens to keep. */
    void fitContext(Sequence sequence, CacheSlots slots) {
        if (!contextIsFull(sequence)) {
            return;
        }
        var size = sequence.tokens().size();
        var asked =
                PromptLimits.tokensToKeep(sequence.request().options().numKeep(), vocabulary.addsBos(), contextLength);
        // An image is dropped as a whole.
        var keep = sequence.tokens().startOfImageAt(asked);
        slots.cut(sequence, keep, sequence.tokens().endOfImageAt(keep + Math.max((size - keep) / 2, 1)));
    }

    private boolean contextIsFull(Sequence sequence) {
        return sequence.tokens().size() >= contextLength;
    }

    private void finish(Sequence sequence, FinishReason reason) {
        sequence.flush();
        var guesser = sequence.place().guesser();
        var usage = sequence.usage().withGuesses(guesser.made(), guesser.accepted());
        if (sequence.request().returnContext()) {
            workers.execute(() -> complete(sequence, reason, usage, contextOf(sequence)));
        } else {
            complete(sequence, reason, usage, List.of());
        }
    }

    private static void complete(Sequence sequence, FinishReason reason, Usage usage, List<Integer> context) {
        sequence.complete(new GenerationEvent.Finished(
                reason, usage, context, sequence.prompt().truncated(), sequence.stop()));
    }

    /** Tokens of prompt and answer, even of what was cut out; of a text many contexts long only its end. */
    private List<Integer> contextOf(Sequence sequence) {
        var tokens = vocabulary.tokens(sequence.wholeText(), false, () -> {});
        var most = (int) Math.min((long) CONTEXTS_TO_GO_ON_FROM * contextLength, Integer.MAX_VALUE - 1);
        return TokenList.boxed(tokens.countUpTo(most) > most ? tokens.last(most) : tokens.all());
    }

    private Optional<TokenLogprob> logprob(Sequence sequence, Batch batch, int row) {
        if (sequence.request().topLogprobs().isEmpty()) {
            return Optional.empty();
        }
        var tokens = batch.topTokens(row);
        var logprobs = batch.topLogprobs(row);
        var alternatives = new ArrayList<TokenLogprob>();
        for (var i = 0; i < tokens.length; i++) {
            alternatives.add(logprobOf(vocabulary.piece(tokens[i]), logprobs[i], List.of()));
        }
        return Optional.of(logprobOf(batch.piece(row), batch.logprob(row), alternatives));
    }

    private static TokenLogprob logprobOf(byte[] piece, float logprob, List<TokenLogprob> alternatives) {
        var bytes = new ArrayList<Integer>(piece.length);
        for (var b : piece) {
            bytes.add(Byte.toUnsignedInt(b));
        }
        return new TokenLogprob(new String(piece, UTF_8), bytes, logprob, alternatives);
    }
}
