// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.local;

import dev.puna.engine.speculation.Guesser;
import dev.puna.failure.Cancelled;
import dev.puna.failure.Failure;
import dev.puna.failure.NativeFailure;
import dev.puna.llama.Context;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jboss.logging.Logger;

/**
 * The one thread that feeds a context: sequences join and leave between its steps.
 *
 * <p>Each step decodes one token of every sequence that generates, with those that had to come after it, and, in what room is left,
 * parts of the prompts that wait. It
 * sleeps when there is nothing to do. <b>Borrows</b> the model. <b>Threads:</b> {@link #submit}, {@link #wake} and
 * {@link #close} from any; everything else on its own.
 */
final class DecodeLoop implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(DecodeLoop.class);

    /** A step of more tokens than this takes long enough that a cancelled sequence should not wait for its end. */
    private static final int LONG_STEP = 32;

    private final Context context;
    private final StepPlan plan;
    private final CacheSlots slots;
    private final BatchStep step;
    private final ImageStep images;
    private final TokenProcessor tokenProcessor;
    private final Runnable afterStep;
    private final Thread thread;

    private final Queue<Sequence> arrivals = new ConcurrentLinkedQueue<>();
    private final ArrayDeque<Sequence> waiting = new ArrayDeque<>();
    private final List<Sequence> active = new ArrayList<>();
    private final AtomicInteger unfinished = new AtomicInteger();
    private volatile boolean longStep;
    private volatile boolean closing;

    /** Whether the loop takes no more sequences; guarded by {@code arrivals}. */
    private boolean ended;

    /**
     * @param afterStep run on the loop's thread once a step has told its events
     */
    DecodeLoop(NativeModel model, StepPlan plan, TokenProcessor tokenProcessor, Runnable afterStep) {
        this.context = model.context();
        this.plan = plan;
        this.slots = new CacheSlots(model, this::wake);
        this.step = new BatchStep(model, plan);
        this.images = new ImageStep(model, plan);
        this.tokenProcessor = tokenProcessor;
        this.afterStep = afterStep;
        this.thread = Thread.ofPlatform()
                .name("decode-" + model.spec().name())
                .daemon()
                .unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    void submit(Sequence sequence) {
        unfinished.incrementAndGet();
        synchronized (arrivals) {
            if (!ended) {
                arrivals.add(sequence);
                wake();
                return;
            }
        }
        sequence.fail(unloaded());
        discard(sequence);
    }

    void wake() {
        LockSupport.unpark(thread);
    }

    /** Wakes the loop to end cancelled sequences; a long step is aborted for it. */
    void interruptLongStep() {
        if (longStep) {
            context.abort(true);
        }
        wake();
    }

    /** Whether it is of use to know where the system parts of prompts end. */
    boolean wantsSystemParts() {
        return slots.wantsSystemParts();
    }

    int unfinished() {
        return unfinished.get();
    }

    /** Ends every sequence with {@code Cancelled} and the thread with them. Waits for the step under way, which is aborted. */
    @Override
    public void close() {
        closing = true;
        context.abort(true);
        wake();
        try {
            thread.join();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        while (!closing) {
            try {
                context.abort(false);
                if (!iterate()) {
                    slots.rest(this, waiting.isEmpty());
                }
            } catch (Failure failure) {
                failAll(failure);
            } catch (RuntimeException unexpected) {
                LOG.error("decode loop failed", unexpected);
                failAll(new NativeFailure("the decode loop failed: " + unexpected, unexpected));
            }
        }
        endAll();
        LOG.debugf("step.costs ms %s", plan);
        slots.close();
        step.close();
    }

    /** One iteration of the decode loop; false when there was nothing to do. */
    private boolean iterate() {
        admit();
        active.stream().filter(Sequence::cancelled).toList().forEach(this::end);
        var text = step.fill(active, images.waits(active));
        if (text) {
            decode();
            afterStep.run();
            slots.eventsTold();
        }
        var image = images.next(active);
        if (image.isPresent()) {
            decodeImage(image.get());
            afterStep.run();
        }
        return text || image.isPresent();
    }

    private void decode() {
        // The next step rotates the keys of tokens that were moved in the cache; it should not be aborted halfway.
        longStep = step.size() > LONG_STEP && active.stream().noneMatch(Sequence::shiftPending);
        try {
            switch (step.run()) {
                case DONE -> {
                    shiftsDone();
                    active.forEach(slots::passed);
                    step.forEachSampled(this::sampled);
                }
                case NO_ROOM -> {
                    if (!step.goesWithoutGuesses()) {
                        makeRoom();
                    }
                }
                case ABORTED -> {
                    step.undo(slots);
                    decodeShiftedAgain();
                }
            }
        } finally {
            longStep = false;
        }
    }

    private void decodeImage(Sequence sequence) {
        var cells = active.stream().mapToInt(Sequence::decoded).sum();
        longStep = true;
        try {
            switch (images.run(sequence, step.round(active, true), cells)) {
                case DONE -> shiftsDone();
                case NO_ROOM -> makeRoom();
                case ABORTED -> {
                    images.undo(sequence, slots);
                    decodeShiftedAgain();
                }
            }
        } finally {
            longStep = false;
        }
    }

    private void shiftsDone() {
        active.forEach(Sequence::shiftDone);
    }

    /** After an abort it is unknown which of the moved keys were rotated already. */
    private void decodeShiftedAgain() {
        active.stream().filter(Sequence::shiftPending).forEach(slots::expel);
    }

    private void admit() {
        for (var arrival = arrivals.poll(); arrival != null; arrival = arrivals.poll()) {
            waiting.add(arrival);
        }
        waiting.removeIf(sequence -> {
            if (sequence.cancelled()) {
                discard(sequence);
            }
            return sequence.cancelled();
        });
        while (!waiting.isEmpty() && placed(waiting.peek())) {
            waiting.poll();
        }
    }

    /** A sequence for which no slot can be made fails with all others, instead of being tried for ever. */
    private boolean placed(Sequence sequence) {
        active.add(sequence);
        var placed = false;
        try {
            placed = slots.place(sequence, System.nanoTime());
        } catch (RuntimeException failed) {
            waiting.remove(sequence);
            throw failed;
        }
        if (!placed) {
            active.removeLast();
        }
        return placed;
    }

    private void sampled(TokenRun run) {
        var sequence = run.sequence();
        var ended = true;
        try {
            ended = took(run);
            if (!ended) {
                tokenProcessor.fitContext(sequence, slots);
            }
        } catch (Failure failure) {
            sequence.fail(failure);
            ended = true;
        }
        if (ended) {
            end(sequence);
        }
    }

    /** Takes the tokens of a step into an answer, and what was guessed and did not come out of the cache; true when it has ended. */
    private boolean took(TokenRun run) {
        try {
            return run.sequence().cancelled() || tokenProcessor.took(run, step.batch());
        } finally {
            step.dropGuesses(run, slots);
        }
    }

    /** Makes room in a full KV cache: idle prefixes are dropped first, then the youngest sequence is preempted. */
    private void makeRoom() {
        if (slots.forgetOldest()) {
            return;
        }
        var youngest = active.stream()
                .filter(sequence -> !sequence.preempted() && sequence.slot().isPresent())
                .reduce((older, younger) -> younger)
                .orElseThrow();
        if (active.stream().filter(sequence -> !sequence.preempted()).count() == 1) {
            throw new NativeFailure("the KV cache has no room for a single sequence; lower num_ctx or num_batch");
        }
        LOG.debugf("sequence preempted tokens=%d", youngest.decoded());
        slots.expel(youngest);
        youngest.preempt();
    }

    private void end(Sequence sequence) {
        active.remove(sequence);
        sequence.slot().ifPresent(slot -> {
            tell(slot.guesser());
            slots.release(slot);
        });
        discard(sequence);
        active.forEach(Sequence::resume);
    }

    private static void tell(Guesser guesser) {
        if (guesser.made() > 0) {
            LOG.debugf("sequence guessed tokens=%d accepted=%d", guesser.made(), guesser.accepted());
        }
    }

    private void discard(Sequence sequence) {
        sequence.close();
        unfinished.decrementAndGet();
    }

    private void failAll(Failure failure) {
        for (var sequence : List.copyOf(active)) {
            sequence.fail(failure);
            end(sequence);
        }
        slots.clearAll();
    }

    private void endAll() {
        synchronized (arrivals) {
            ended = true;
        }
        admit();
        waiting.forEach(sequence -> {
            sequence.fail(unloaded());
            discard(sequence);
        });
        waiting.clear();
        for (var sequence : List.copyOf(active)) {
            sequence.fail(unloaded());
            end(sequence);
        }
    }

    private static Cancelled unloaded() {
        return new Cancelled("the model was unloaded");
    }
}
