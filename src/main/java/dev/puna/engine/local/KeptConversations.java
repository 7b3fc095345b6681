// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.local;

import dev.puna.engine.token.TokenList;
import dev.puna.llama.Context;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Puts whole conversations on disk when they pause, and at the end. <b>Threads:</b> the decode loop's. */
final class KeptConversations {

    /** One that has not gone on for so long is kept. */
    private static final long PAUSE_NANOS = 5_000_000_000L;

    private final KeptPrefixes disk;
    private final Context context;
    private final List<CacheSlot> slots;
    private final PrefixCache parked;

    /** What was kept last, or could not be. */
    private @Nullable TokenList tried;

    KeptConversations(KeptPrefixes disk, Context context, List<CacheSlot> slots, PrefixCache parked) {
        this.disk = disk;
        this.context = context;
        this.slots = slots;
        this.parked = parked;
    }

    /** Waits to be woken; keeps one if nobody has for a while. */
    void rest(Object blocker) {
        var slot = unkept().filter(one -> one.tokens() != tried);
        if (slot.isEmpty()) {
            LockSupport.park(blocker);
            return;
        }
        var until = System.nanoTime() + PAUSE_NANOS;
        LockSupport.parkNanos(blocker, PAUSE_NANOS);
        if (System.nanoTime() >= until) {
            tried = slot.get().tokens();
            disk.keep(slot.get().id, slot.get().tokens().text(), true);
        }
    }

    /** Writes all that there are, as far as the time suffices; nothing of them is in the slots afterwards. */
    void keepAll() {
        disk.awaitWritten();
        for (var slot = unkept(); slot.isPresent() && disk.hasTime(); slot = unkept()) {
            var held = slot.get();
            context.save(held.id).ifPresent(state -> disk.write(held.tokens().text(), state));
            held.forget();
        }
        for (var one : parked.all()) {
            if (disk.hasTime() && disk.wants(one.tokens())) {
                disk.write(one.tokens().text(), one.state());
            }
        }
    }

    private Optional<CacheSlot> unkept() {
        return slots.stream()
                .filter(slot -> slot.idle() && disk.wants(slot.tokens()))
                .findFirst();
    }
}
