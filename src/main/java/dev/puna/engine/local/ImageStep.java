// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.local;

import dev.puna.engine.token.ImageSpan;
import dev.puna.llama.Context;
import dev.puna.llama.PromptChunk;
import dev.puna.llama.StepOutcome;
import java.util.List;
import java.util.Optional;

/**
 * Puts the vectors of images into the cache, one sequence at a time: llama.cpp takes them in batches of their own. Between two
 * of these all other sequences go on. <b>Threads:</b> the decode loop's.
 */
final class ImageStep {

    private final NativeModel model;
    private final Context context;
    private final ModelTurns turns;
    private final StepPlan plan;
    private final boolean onCpu;
    private int served;

    ImageStep(NativeModel model, StepPlan plan) {
        this.model = model;
        this.context = model.context();
        this.turns = model.turns();
        this.plan = plan;
        this.onCpu = model.computesOnCpu();
    }

    /** Whether a sequence waits for an image. */
    boolean waits(List<Sequence> active) {
        return active.stream().anyMatch(ImageStep::waits);
    }

    /** The next sequence that waits for an image, in rotation. */
    Optional<Sequence> next(List<Sequence> active) {
        var waiting = active.stream().filter(ImageStep::waits).toList();
        return waiting.isEmpty() ? Optional.empty() : Optional.of(waiting.get(served++ % waiting.size()));
    }

    /**
     * Decodes an image, or as much of it as a batch takes.
     *
     * @param round what others wait for meanwhile
     * @param cells tokens that the cache holds
     */
    StepOutcome run(Sequence sequence, StepRound round, int cells) {
        var slot = sequence.place();
        var image = sequence.nextImage().orElseThrow();
        var from = sequence.decodedOfImage();
        var left = image.shape().tokens() - from;
        var whole = round.generating() == 0 || image.shape().nonCausal();
        var most = whole ? context.batchSize() : Math.min(plan.share(round, 0, left, cells), context.batchSize());
        var count = Math.min(left, most);
        var first = sequence.tokens().position(image.start());
        var vectors = sequence.vectorsOf(image);
        var outcome = turns.take(
                count,
                () -> {
                    model.adapt(sequence.adapters());
                    return context.decode(chunk(image), vectors, first, from, count, slot.id);
                },
                nanos -> {
                    if (onCpu) {
                        plan.took(0, count, cells, nanos);
                    }
                });
        if (outcome == StepOutcome.DONE) {
            sequence.acceptOfImage(image, count);
        }
        return outcome;
    }

    private static boolean waits(Sequence sequence) {
        return sequence.ready() && sequence.nextImage().isPresent();
    }

    private static PromptChunk.Media chunk(ImageSpan image) {
        var shape = image.shape();
        return new PromptChunk.Media(
                image.image(), shape.tokens(), shape.positions(), shape.nonCausal(), shape.origin(), shape.movement());
    }

    /** After an abort: removes what the step has put of the image into the cache, so that the step can be repeated. */
    void undo(Sequence sequence, CacheSlots slots) {
        slots.rewind(sequence, sequence.decoded());
        sequence.rollback(sequence.decoded());
    }
}
