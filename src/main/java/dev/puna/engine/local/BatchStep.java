// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.local;

import dev.puna.engine.speculation.Guesser;
import dev.puna.llama.Batch;
import dev.puna.llama.Context;
import dev.puna.llama.StepOutcome;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;

/**
 * One batch: which tokens of which sequences go through the model together.
 *
 * <p><b>Owns</b> the native batch, reused for every step. <b>Threads:</b> the decode loop's.
 */
final class BatchStep implements AutoCloseable {

    /** A prompt of a request with a seed that has no more tokens is read in one step, whoever else runs: parts would round otherwise. */
    private static final int WHOLE = 128;

    /** Prompt tokens of a step while prompts take turns and nothing is generated. */
    private static final int TURN = 128;

    private final NativeModel model;
    private final Context context;
    private final int contextLength;
    private final boolean onCpu;
    private final ModelTurns turns;
    private final StepPlan plan;
    private final Batch batch;
    private final AdapterTurns<Sequence> sets;
    private final List<TokenRun> runs = new ArrayList<>();
    private int rows;

    /** How many tokens are those of sequences that generate, and how many the cache holds before the step. */
    private int generating;

    private int cells;

    /** How many guesses a step may have, how many tokens a sequence, and who guesses in this step. */
    private int mostGuesses;

    private final List<Guesser> guessers = new ArrayList<>();
    private boolean guesses;
    private boolean withoutGuesses;

    /** Whether the context got other adapters for this step. */
    private boolean adapted;

    /** Numbers the turns. */
    private long turn;

    BatchStep(NativeModel model, StepPlan plan) {
        this.model = model;
        this.context = model.context();
        this.contextLength = model.spec().contextLength();
        this.onCpu = model.computesOnCpu();
        this.turns = model.turns();
        this.plan = plan;
        this.sets = new AdapterTurns<>(model.adapters() > 0, System::nanoTime, Sequence::adapters);
        this.mostGuesses = Math.max(0, context.outputs() - context.sequences());
        this.batch = context.batch(context.batchSize());
    }

    /**
     * Fills the batch with the tokens of sequences that can run now; false when none can.
     *
     * @param imageWaits whether a step with an image follows
     */
    boolean fill(List<Sequence> active, boolean imageWaits) {
        batch.clear();
        runs.clear();
        rows = 0;
        cells = active.stream().mapToInt(Sequence::decoded).sum();
        var all = runnable(active);
        var round = StepRound.of(all, this::apart, imageWaits);
        var ready = next(sets.next(active, all));
        var prompts = ready.stream().filter(sequence -> !sequence.generates()).toList();
        var generates = ready.stream().filter(Sequence::generates).toList();
        var chosen = chosen(generates, prompts.isEmpty());
        var each = chosen.size() == all.size() && chosen.stream().allMatch(this::mayGuess) ? guesses(chosen) : 0;
        for (var sequence : chosen) {
            // Forced tokens may leave too little room for all: others have their turn first next time.
            if (sequence.pending() <= batch.capacity() - batch.size()) {
                add(sequence, sequence.pending(), each);
            }
        }
        guesses = each > 0;
        withoutGuesses = false;
        generating = batch.size();
        var wanted = prompts.stream().mapToInt(this::wanted).sum();
        read(prompts, budget(round, wanted, ready.size() == all.size()));
        return batch.size() > 0;
    }

    /** Those that generate in this step: all, unless they are faster in turns. */
    private List<Sequence> chosen(List<Sequence> generates, boolean onlyThey) {
        var count = generates.size();
        var together = Math.min(onlyThey && count > 1 ? plan.together(count) : count, batch.capacity());
        var tokens = generates.stream().mapToInt(Sequence::pending).sum();
        return together == count && tokens <= batch.capacity()
                ? generates
                : generates.stream()
                        .sorted(Comparator.comparingLong(Sequence::lastTurn))
                        .limit(together)
                        .toList();
    }

    /** Not with a seed where others' rows round its own, nor behind forced tokens, whose steps cost otherwise. */
    private boolean mayGuess(Sequence sequence) {
        return !apart(sequence) && sequence.pending() == 1;
    }

    /** How many guesses each sequence tries: only while all that run are in the step, so that nobody waits longer for it. */
    private int guesses(List<Sequence> chosen) {
        if (mostGuesses == 0 || withoutGuesses || chosen.isEmpty()) {
            return 0;
        }
        guessers.clear();
        for (var sequence : chosen) {
            var guesser = sequence.place().guesser();
            var most = Math.min(
                    sequence.left() - 1, contextLength - 1 - sequence.tokens().size());
            guesser.look(most, sequence.request().options().temperature() > 0);
            guessers.add(guesser);
        }
        return plan.guesses(guessers, mostGuesses);
    }

    private int budget(StepRound round, int wanted, boolean alone) {
        var room = batch.capacity() - generating;
        if (round.generating() > 0) {
            return Math.min(room, plan.share(round, generating, wanted, cells));
        }
        return alone ? room : Math.min(room, TURN);
    }

    /** Half of the tokens are for the prompt that came first, the others for those that need the fewest to generate. */
    private void read(List<Sequence> prompts, int tokens) {
        if (prompts.isEmpty()) {
            return;
        }
        var oldest = prompts.getFirst();
        var wanted = wanted(oldest);
        if (apart(oldest) && oldest.untouched() && wanted <= WHOLE) {
            add(oldest, Math.min(wanted, batch.capacity()), 0);
            return;
        }
        var left = tokens - Math.min(wanted, Math.ceilDiv(tokens, 2));
        var others = prompts.stream()
                .skip(1)
                .sorted(Comparator.comparingInt(this::wanted))
                .toList();
        var taken = 0;
        for (var prompt : others) {
            var share = Math.min(wanted(prompt), left - taken);
            if (share > 0) {
                add(prompt, share, 0);
                taken += share;
            }
        }
        if (tokens > taken) {
            add(oldest, Math.min(wanted, tokens - taken), 0);
        }
    }

    /**
     * The tokens of a prompt that a step can take. The last one of a sequence with a seed goes alone, too, as it does when all tokens
     * before it are found in the cache.
     */
    private int wanted(Sequence prompt) {
        var most = apart(prompt) ? prompt.pending() - 1 : prompt.pending();
        var text = Math.min(most, prompt.tokens().endOfText(prompt.decoded()) - prompt.decoded());
        return Math.min(text, prompt.untilStop());
    }

    /** What there is to be done for sequences. */
    StepRound round(List<Sequence> active, boolean imageWaits) {
        return StepRound.of(runnable(active), this::apart, imageWaits);
    }

    private static List<Sequence> runnable(List<Sequence> active) {
        return active.stream()
                .filter(Sequence::ready)
                .filter(sequence -> sequence.generates() || sequence.nextImage().isEmpty())
                .toList();
    }

    /**
     * Those of a set whose turn it is: each with a seed by itself where that costs little, so that nobody else's numbers round its own
     * (processors compute rows in other ways when there are more of them), else all others.
     */
    private List<Sequence> next(List<Sequence> ready) {
        var set = sets.current();
        var shared = ready.stream().filter(sequence -> !apart(sequence)).toList();
        var longest = ready.stream().filter(this::apart).min(Comparator.comparingLong(Sequence::lastTurn));
        if (longest.isEmpty()
                || (!shared.isEmpty() && set.shared < longest.get().lastTurn())) {
            set.shared = ++turn;
            return shared;
        }
        longest.get().hasTurn(++turn);
        return List.of(longest.get());
    }

    private boolean apart(Sequence sequence) {
        return onCpu && sequence.seeded();
    }

    int size() {
        return batch.size();
    }

    Batch batch() {
        return batch;
    }

    StepOutcome run() {
        var outcome = turns.take(batch.size(), this::step, this::took);
        if (outcome == StepOutcome.DONE) {
            runs.forEach(run -> run.sequence().accept(run.count()));
        }
        return outcome;
    }

    private StepOutcome step() {
        adapted = model.adapt(sets.current().adapters);
        return context.step(batch);
    }

    private void took(long nanos) {
        // A step without a row to sample is not waited for where a GPU computes it; forced tokens cost less than rows,
        // and other
        // adapters a new graph.
        if ((onCpu || rows > 0) && !adapted && !forced()) {
            plan.took(generating, batch.size() - generating, cells, nanos);
        }
    }

    private boolean forced() {
        return runs.stream().anyMatch(run -> run.count() > 1 && run.sequence().generates());
    }

    /** Calls an action with each run of which something was sampled. */
    void forEachSampled(Consumer<TokenRun> action) {
        for (var run : runs) {
            if (run.rows() > 0) {
                action.accept(run);
            }
        }
    }

    /** Whether a step for which there was no room is to be tried again without the guesses that it had. */
    boolean goesWithoutGuesses() {
        withoutGuesses = guesses;
        return guesses;
    }

    /**
     * Removes what was guessed in a step, and did not come or is not needed any more, from the cache. Where that cannot be done nothing
     * is guessed any more.
     */
    void dropGuesses(TokenRun run, CacheSlots slots) {
        var sequence = run.sequence();
        var held = sequence.decoded();
        if (held < run.end() + run.guesses()) {
            slots.rewind(sequence, held);
            mostGuesses = sequence.decoded() < held ? 0 : mostGuesses;
        }
    }

    /** After an abort: removes the tokens of the step from the cache, so that the step can be repeated. */
    void undo(CacheSlots slots) {
        for (var run : runs) {
            var sequence = run.sequence();
            slots.rewind(sequence, sequence.decoded());
        }
    }

    private void add(Sequence sequence, int count, int mostGuesses) {
        sequence.hasTurn(++turn);
        var guesser = sequence.place().guesser();
        var run = sequence.submit(count, rows, Math.min(mostGuesses, guesser.count()));
        var tokens = sequence.tokens();
        for (var next = run.from(); next < run.end(); next++) {
            add(run, tokens.get(next), tokens.position(next), run.samples(next) ? 0 : -1);
        }
        for (var guess = 0; guess < run.guesses(); guess++) {
            add(run, guesser.token(guess), tokens.position(run.end()) + guess, guess + 1);
        }
        guesser.tried(run.guesses());
        rows += run.rows() + run.guesses();
        runs.add(run);
    }

    /** {@code row}: which of the rows of the run is that of the token; -1 for none. */
    private void add(TokenRun run, int token, int position, int row) {
        var sequence = run.sequence();
        var place = sequence.place();
        var index = batch.add(token, position, place.id, row >= 0);
        if (row < 0) {
            return;
        }
        var alternatives = sequence.request().topLogprobs().orElse(-1);
        if (row < run.guesses()) {
            batch.sampleExpecting(
                    index, sequence.sampler(), alternatives, place.guesser().token(row));
        } else {
            batch.sample(index, sequence.sampler(), alternatives, mostForced(sequence, run.guesses()));
        }
    }

    /** As many as the answer, the context and a step have room for behind the next token; none with log probabilities, which they lack. */
    private int mostForced(Sequence sequence, int guesses) {
        var room = Math.min(contextLength - sequence.tokens().size() - 2, batch.capacity() - 1);
        return sequence.request().topLogprobs().isPresent() ? 0 : Math.min(room, sequence.left() - 1) - guesses;
    }

    @Override
    public void close() {
        batch.close();
    }
}
