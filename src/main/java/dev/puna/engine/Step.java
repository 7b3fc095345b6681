// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine;

import dev.puna.llama.Batch;
import dev.puna.llama.Context;
import dev.puna.llama.StepOutcome;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ObjIntConsumer;

/**
 * One batch: which tokens of which sequences go through the model together.
 *
 * <p><b>Owns</b> the native batch, reused for every step. <b>Threads:</b> the decode loop's.
 */
final class Step implements AutoCloseable {

    /** Prompt tokens taken into a step beside running generations, so that a long prompt slows them but never stalls them. */
    private static final int PROMPT_SHARE = 128;

    private final Context context;
    private final CpuTurn turn;
    private final Batch batch;
    private final List<Sequence> sequences = new ArrayList<>();
    private final List<Sequence> sampledRows = new ArrayList<>();

    Step(NativeModel model) {
        this.context = model.context();
        this.turn = model.turn();
        this.batch = context.batch(context.batchSize());
    }

    /** Takes in what can run now; false when nothing can. */
    boolean fill(List<Sequence> active) {
        batch.clear();
        sequences.clear();
        sampledRows.clear();
        var ready = active.stream().filter(Sequence::ready).toList();
        for (var sequence : ready) {
            if (sequence.pending() == 1 && batch.size() < batch.capacity()) {
                add(sequence, 1);
            }
        }
        var prompts = ready.stream()
                .filter(sequence ->
                        sequence.pending() > 1 && sequence.nextPicture().isEmpty())
                .toList();
        var room = batch.capacity() - batch.size();
        var budget = batch.size() == 0 ? room : Math.min(room, PROMPT_SHARE);
        var left = prompts.size();
        for (var prompt : prompts) {
            var text = prompt.tokens.endOfText(prompt.decoded) - prompt.decoded;
            var share = Math.min(text, (budget + left - 1) / left);
            left--;
            budget -= share;
            if (share > 0) {
                add(prompt, share);
            }
        }
        return batch.size() > 0;
    }

    int size() {
        return batch.size();
    }

    Batch batch() {
        return batch;
    }

    StepOutcome run() {
        var outcome = turn.take(() -> context.step(batch));
        if (outcome == StepOutcome.DONE) {
            sequences.forEach(sequence -> sequence.decoded += sequence.submitted);
        }
        return outcome;
    }

    void forEachSampled(ObjIntConsumer<Sequence> action) {
        for (var row = 0; row < sampledRows.size(); row++) {
            action.accept(sampledRows.get(row), row);
        }
    }

    /** After an abort: takes what the step has put into the cache out again, so that it can be repeated. */
    void undo(CacheSlots slots) {
        for (var sequence : sequences) {
            var slot = sequence.slot;
            if (slot != null && !context.remove(slot.id, sequence.tokens.position(sequence.decoded), -1)) {
                slots.expel(sequence);
            }
        }
    }

    private void add(Sequence sequence, int count) {
        var slot = sequence.slot;
        if (slot == null) {
            throw new IllegalStateException("a sequence without a slot cannot run");
        }
        var end = sequence.decoded + count;
        var samples = end == sequence.tokens.size();
        var index = 0;
        for (var next = sequence.decoded; next < end; next++) {
            index = batch.add(
                    sequence.tokens.get(next), sequence.tokens.position(next), slot.id, samples && next == end - 1);
        }
        if (samples) {
            batch.sample(index, sequence.sampler, sequence.request.topLogprobs().orElse(-1));
            sampledRows.add(sequence);
        }
        sequence.submitted = count;
        sequences.add(sequence);
    }

    @Override
    public void close() {
        batch.close();
    }
}
