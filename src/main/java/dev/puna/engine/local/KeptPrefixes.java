// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.local;

import dev.puna.engine.checkpoint.Rewinds;
import dev.puna.engine.prefix.PrefixStore;
import dev.puna.engine.prefix.StoredPrefix;
import dev.puna.engine.token.TokenList;
import dev.puna.llama.Context;
import dev.puna.llama.SequenceState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Beginnings of prompts that lie on disk, and which ones go there: what two prompts had in common, and what ends with the system text
 * and the tools.
 *
 * <p>A beginning is copied out of the cache when the first token of the answer has been told, from an idle slot that gets its cells,
 * too, for that moment. Of models that cannot forget a part, and where there is one slot only, it is copied while a sequence holds
 * it and nothing behind it. Files are read and written by threads of their own, one each at a time. <b>Owns</b> the copies.
 * <b>Threads:</b> the decode loop's.
 */
final class KeptPrefixes implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(KeptPrefixes.class);

    /** Fewer tokens than this are decoded in no time. */
    static final int SHORTEST = 128;

    /** To decode fewer tokens than this again is not worth a file or its reading. */
    private static final int NEAR = 64;

    /** How long the end may be held up by what is being written. */
    private static final Duration LONGEST_END = Duration.ofMillis(1500);

    private final PrefixStore store;
    private final Context context;
    private final int contextLength;
    private final List<CacheSlot> slots;
    private final List<Later> later = new ArrayList<>();

    /** Whether a state is of use with all of its tokens only: what layers have given up, or cannot forget. */
    private final boolean wholeOnly;

    private final Runnable wake;
    private final SharedBeginnings shared = new SharedBeginnings();
    private @Nullable Reading reading;
    private @Nullable Thread writing;

    /** When writing is to have ended, in the time of {@link System#nanoTime}. */
    private volatile @Nullable Long deadline;

    /**
     * @param slots of the cache
     * @param wholeOnly whether a state is of use with all of its tokens only
     * @param wake run on another thread when something was read
     */
    KeptPrefixes(PrefixStore store, NativeModel model, List<CacheSlot> slots, boolean wholeOnly, Runnable wake) {
        this.store = store;
        this.context = model.context();
        this.contextLength = model.spec().contextLength();
        this.slots = slots;
        this.wholeOnly = wholeOnly;
        this.wake = wake;
    }

    /**
     * Whether a beginning of a prompt is being read, for which the prompt should wait; begins to read one if that is worth it.
     *
     * @param known how many tokens of the prompt are in memory
     */
    boolean reads(TokenList prompt, int known) {
        var current = reading;
        if (current != null) {
            if (!current.done || (current.good && usable(current.prefix, prompt) > known)) {
                return !current.done;
            }
            dropRead();
        }
        var best = best(prompt, known + SHORTEST);
        best.ifPresent(prefix -> {
            var begun = new Reading(prefix);
            reading = begun;
            Thread.ofPlatform().name("prefix-reader").daemon().start(begun);
        });
        return best.isPresent();
    }

    /** How many tokens of a prompt's beginning have been read and can be restored. */
    int ready(TokenList prompt) {
        var current = reading;
        return current != null && current.done && current.good ? usable(current.prefix, prompt) : 0;
    }

    /** Puts what was read into an empty sequence of the cache; returns its tokens, or empty if there is no room. */
    Optional<TokenList> restore(int sequence) {
        var current = reading;
        if (current == null || current.state == null) {
            return Optional.empty();
        }
        var restored = context.restore(sequence, current.state);
        var tokens = new TokenList(current.prefix.tokens().text());
        LOG.debugf("prefix.restored tokens=%d fits=%s", (Integer) tokens.size(), (Boolean) restored);
        dropRead();
        return restored ? Optional.of(tokens) : Optional.empty();
    }

    /** Gives up what was read for a prompt that did not want it in the end. */
    void dropRead() {
        var current = reading;
        if (current != null) {
            reading = null;
            current.drop();
        }
    }

    /**
     * Chooses what of a prompt to keep: after the first token of the answer where that is possible, else where a step ends with it, which
     * may be at once. A large copy takes longer than those
     * should wait that run beside it: it is left for another time. Files do not say with which adapters they were computed: all count.
     *
     * @param alone whether no other sequence runs
     */
    void plan(Sequence sequence, boolean alone) {
        var prompt = sequence.tokens();
        if (!prompt.adapters().all()) {
            return;
        }
        var most = Math.min(prompt.endOfText(0), prompt.size() - 1);
        var common = Math.min(shared.note(prompt, sequence.landmarks().isConversation()), most);
        var system = Math.min(sequence.landmarks().systemPart(), most);
        for (var end : new int[] {Math.max(common, system), Math.min(common, system)}) {
            if (end >= Math.max(SHORTEST, sequence.decoded()) && !isKept(prompt, end)) {
                if (wholeOnly || slots.size() == 1) {
                    sequence.landmarks().fileAt(end);
                    passed(sequence, alone);
                } else {
                    later.add(new Later(sequence, new TokenList(prompt.head(end))));
                }
                return;
            }
        }
    }

    /** Keeps what a sequence holds if it has come to where that was planned. */
    void passed(Sequence sequence, boolean alone) {
        var decoded = sequence.decoded();
        if (sequence.slot().isPresent()
                && sequence.reusable() == decoded
                && sequence.landmarks().reachedFile(decoded)) {
            keep(sequence.place().id, sequence.tokens().head(decoded), alone);
        }
    }

    /**
     * Keeps what was left for the time after a first token, one at a time, unless another one is being written. What no slot could be had
     * for is tried again as long as its answer goes on, and once afterwards.
     *
     * @param spare gives an idle and empty slot other than one
     * @param alone whether no more than one sequence runs
     */
    void keepLater(Function<CacheSlot, Optional<CacheSlot>> spare, boolean alone) {
        for (var one = 0; one < later.size() && !isWriting(); ) {
            if (!later.get(one).due()
                    || !(copied(later.get(one).tokens, spare, alone)
                            || later.get(one).ended())) {
                one++;
            } else {
                later.remove(one);
            }
        }
    }

    /** Keeps a beginning that is somewhere in the cache; false if there was no slot for that. */
    private boolean copied(TokenList tokens, Function<CacheSlot, Optional<CacheSlot>> spare, boolean alone) {
        if (isKept(tokens, tokens.size())) {
            return true;
        }
        for (var source : slots) {
            if (source.commonPrefix(tokens) == tokens.size()) {
                var room = spare.apply(source);
                room.ifPresent(slot -> {
                    context.copy(source.id, slot.id, 0, tokens.position(tokens.size()));
                    try {
                        keep(slot.id, tokens.text(), alone);
                    } finally {
                        context.remove(slot.id, 0, -1);
                    }
                });
                return room.isPresent();
            }
        }
        return false;
    }

    /** Whether it would be worth it to keep all that an idle slot holds. */
    boolean wants(TokenList held) {
        return held.size() >= SHORTEST
                && held.adapters().all()
                && held.endOfText(0) == held.size()
                && !isKept(held, held.size());
    }

    /**
     * Begins to keep what a sequence holds, unless another one is being written.
     *
     * @param alone whether nobody waits while it is copied
     */
    void keep(int sequence, int[] tokens, boolean alone) {
        if (isWriting()) {
            return;
        }
        var bytes = context.stateBytes(sequence);
        if ((!alone && bytes > Rewinds.QUICKLY_COPIED) || !store.takes(tokens.length, bytes)) {
            return;
        }
        try {
            context.save(sequence).ifPresent(state -> {
                writing = Thread.ofPlatform().name("prefix-writer").daemon().start(() -> write(tokens, state));
            });
        } catch (OutOfMemoryError exhausted) {
            LOG.warnf("prefix.not_written reason=\"%s\"", exhausted.getMessage());
        }
    }

    private boolean isWriting() {
        var thread = writing;
        return thread != null && thread.isAlive();
    }

    /** From now on there is only so much time left for writing. */
    void hurry() {
        if (deadline == null) {
            deadline = System.nanoTime() + LONGEST_END.toNanos();
        }
    }

    boolean hasTime() {
        return left() > 0;
    }

    /** Waits for what is being written; false when the time is over. */
    boolean awaitWritten() {
        var thread = writing;
        try {
            return thread == null || thread.join(Duration.ofNanos(Math.max(1, left())));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Writes what a sequence held, and waits for that. */
    void write(int[] tokens, SequenceState state) {
        try (state) {
            store.write(tokens, state.parts(), () -> left() < 0);
        } catch (RuntimeException | OutOfMemoryError failed) {
            LOG.warnf("prefix.not_written reason=\"%s\"", failed);
        }
    }

    @Override
    public void close() {
        hurry();
        awaitWritten();
        dropRead();
    }

    private long left() {
        var until = deadline;
        return until == null ? Long.MAX_VALUE : until - System.nanoTime();
    }

    private Optional<StoredPrefix> best(TokenList prompt, int least) {
        return store.all().stream()
                .filter(one -> usable(one, prompt) >= least)
                .max(Comparator.comparingInt(one -> usable(one, prompt)));
    }

    private int usable(StoredPrefix one, TokenList prompt) {
        // The last token of a prompt is always decoded again.
        var common = Math.min(one.tokens().commonPrefix(prompt), prompt.size() - 1);
        var fits = one.tokens().size() <= contextLength;
        return fits && (!wholeOnly || common == one.tokens().size()) ? common : 0;
    }

    /** Whether a beginning of so many tokens, or nearly so many, is kept already. */
    private boolean isKept(TokenList prompt, int end) {
        return store.all().stream().anyMatch(one -> {
            var common = one.tokens().commonPrefix(prompt);
            return common >= end - NEAR
                    && (!wholeOnly || (common == one.tokens().size() && common <= end));
        });
    }

    /** The beginning of a sequence, to be kept when its answer has begun. */
    private record Later(Sequence sequence, TokenList tokens) {
        boolean due() {
            return sequence.begun() || ended();
        }

        boolean ended() {
            return !sequence.place().isOf(sequence);
        }
    }

    /** One file on its way into memory. */
    private final class Reading implements Runnable {
        final StoredPrefix prefix;
        private @Nullable SequenceState state;
        private boolean good;
        private boolean dropped;
        private volatile boolean done;

        Reading(StoredPrefix prefix) {
            this.prefix = prefix;
        }

        @Override
        public void run() {
            var read = false;
            try {
                var room = SequenceState.ofBytes(prefix.stateBytes());
                state = room;
                read = store.read(prefix, room.parts());
            } catch (RuntimeException | OutOfMemoryError failed) {
                LOG.warnf("prefix.not_read file=%s reason=\"%s\"", prefix.file(), failed);
                store.forget(prefix);
            }
            end(read);
            wake.run();
        }

        private synchronized void end(boolean read) {
            good = read;
            done = true;
            if (dropped) {
                close();
            }
        }

        synchronized void drop() {
            dropped = true;
            if (done) {
                close();
            }
        }

        private void close() {
            if (state != null) {
                state.close();
                state = null;
            }
        }
    }
}
