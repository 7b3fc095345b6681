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

    /** Image tokens decoded in one step beside running generations, as of a long prompt, if an image may be decoded in parts. */
    private static final int SHARE = 128;

    private final Context context;
    private final ModelTurns turns;
    private int served;

    ImageStep(NativeModel model) {
        this.context = model.context();
        this.turns = model.turns();
    }

    /** The next sequence that waits for an image, in rotation. */
    Optional<Sequence> next(List<Sequence> active) {
        var waiting = active.stream()
                .filter(sequence -> sequence.ready() && sequence.nextImage().isPresent())
                .toList();
        return waiting.isEmpty() ? Optional.empty() : Optional.of(waiting.get(served++ % waiting.size()));
    }

    /**
     * Decodes an image, or as much of it as a batch takes.
     *
     * @param alone whether nobody waits for a token meanwhile
     */
    StepOutcome run(Sequence sequence, boolean alone) {
        var slot = sequence.place();
        var image = sequence.nextImage().orElseThrow();
        var from = sequence.decodedOfImage();
        var most = alone || image.shape().nonCausal() ? context.batchSize() : Math.min(SHARE, context.batchSize());
        var count = Math.min(image.shape().tokens() - from, most);
        var first = sequence.tokens().position(image.start());
        var vectors = sequence.vectorsOf(image);
        var outcome = turns.take(count, () -> context.decode(chunk(image), vectors, first, from, count, slot.id));
        if (outcome == StepOutcome.DONE) {
            sequence.acceptOfImage(image, count);
        }
        return outcome;
    }

    private static PromptChunk.Media chunk(ImageSpan image) {
        var shape = image.shape();
        return new PromptChunk.Media(
                image.image(), shape.tokens(), shape.positions(), shape.nonCausal(), shape.origin(), shape.movement());
    }

    /** After an abort: removes what the step has put of the image into the cache, so that the step can be repeated. */
    void undo(Sequence sequence, CacheSlots slots) {
        if (sequence.slot().isPresent() && slots.cutTo(sequence.place(), sequence.nextPosition())) {
            sequence.rollback(sequence.decoded());
        } else {
            slots.expel(sequence);
        }
    }
}
