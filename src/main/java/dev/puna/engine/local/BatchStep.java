// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.local;

import dev.puna.engine.ComputeTurns;
import dev.puna.llama.Batch;
import dev.puna.llama.Context;
import dev.puna.llama.StepOutcome;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.ObjIntConsumer;

/**
 * One batch: which tokens of which sequences go through the model together.
 *
 * <p><b>Owns</b> the native batch, reused for every step. <b>Threads:</b> the decode loop's.
 */
final class BatchStep implements AutoCloseable {

    /** Prompt tokens taken into a step beside running generations, so that a long prompt slows them but never stalls them. */
    private static final int PROMPT_SHARE = 128;

    private final Context context;
    private final boolean seededApart;
    private final ComputeTurns turns;
    private final Batch batch;
    private final List<TokenRun> runs = new ArrayList<>();
    private int rows;

    /** The number of steps so far, and the number of the last one that several sequences shared. */
    private long count;

    private long together;

    BatchStep(NativeModel model) {
        this.context = model.context();
        this.seededApart = model.computesOnCpu();
        this.turns = model.turns();
        this.batch = context.batch(context.batchSize());
    }

    /** Fills the batch with the tokens of sequences that can run now; false when none can. */
    boolean fill(List<Sequence> active) {
        batch.clear();
        runs.clear();
        rows = 0;
        var all = active.stream()
                .filter(Sequence::ready)
                .filter(sequence ->
                        sequence.pending() == 1 || sequence.nextImage().isEmpty())
                .toList();
        var ready = next(all);
        for (var sequence : ready) {
            if (sequence.pending() == 1 && batch.size() < batch.capacity()) {
                add(sequence, 1);
            }
        }
        var prompts = ready.stream().filter(sequence -> sequence.pending() > 1).toList();
        var room = batch.capacity() - batch.size();
        var budget = batch.size() == 0 && ready.size() == all.size() ? room : Math.min(room, PROMPT_SHARE);
        var left = prompts.size();
        for (var prompt : prompts) {
            // The last prompt token of a sequence with a seed goes alone, too, as it does when all tokens before it are
            // found in the cache.
            var most = apart(prompt) ? prompt.pending() - 1 : prompt.pending();
            var text = Math.min(most, prompt.tokens().endOfText(prompt.decoded()) - prompt.decoded());
            text = Math.min(text, prompt.untilStop());
            var share = Math.min(text, (budget + left - 1) / left);
            left--;
            budget -= share;
            if (share > 0) {
                add(prompt, share);
            }
        }
        return batch.size() > 0;
    }

    /**
     * Those whose turn it is: each with a seed by itself where that costs little, so that nobody else's numbers round its own
     * (processors compute rows in other ways when there are more of them), else all others together.
     */
    private List<Sequence> next(List<Sequence> ready) {
        count++;
        var shared = ready.stream().filter(sequence -> !apart(sequence)).toList();
        var longest = ready.stream().filter(this::apart).min(Comparator.comparingLong(Sequence::lastStep));
        if (longest.isEmpty() || (!shared.isEmpty() && together < longest.get().lastStep())) {
            together = count;
            return shared;
        }
        longest.get().hasStep(count);
        return List.of(longest.get());
    }

    private boolean apart(Sequence sequence) {
        return seededApart && sequence.seeded();
    }

    int size() {
        return batch.size();
    }

    Batch batch() {
        return batch;
    }

    StepOutcome run() {
        var outcome = turns.take(() -> context.step(batch));
        if (outcome == StepOutcome.DONE) {
            runs.forEach(run -> run.sequence().accept(run.count()));
        }
        return outcome;
    }

    /** Calls an action with the number of each row that was sampled. */
    void forEachSampled(ObjIntConsumer<Sequence> action) {
        for (var run : runs) {
            for (var row = run.firstRow(); row < run.firstRow() + run.rows(); row++) {
                action.accept(run.sequence(), row);
            }
        }
    }

    /** After an abort: removes the tokens of the step from the cache, so that the step can be repeated. */
    void undo(CacheSlots slots) {
        for (var run : runs) {
            var sequence = run.sequence();
            if (sequence.slot().isPresent() && !slots.cutTo(sequence.place(), sequence.nextPosition())) {
                slots.expel(sequence);
            }
        }
    }

    private void add(Sequence sequence, int count) {
        var run = sequence.submit(count, rows);
        var tokens = sequence.tokens();
        var slot = sequence.place().id;
        for (var next = run.from(); next < run.end(); next++) {
            var index = batch.add(tokens.get(next), tokens.position(next), slot, run.samples(next));
            if (run.samples(next)) {
                batch.sample(
                        index,
                        sequence.sampler(),
                        sequence.request().topLogprobs().orElse(-1));
            }
        }
        rows += run.rows();
        runs.add(run);
    }

    @Override
    public void close() {
        batch.close();
    }
}
