// SPDX-License-Identifier: Apache-2.0
package dev.puna.llama;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Counts the users of one native owner, so that it is closed once and never under a user.
 *
 * <p>A user is a call under way, or a child that is open. Lock-free and thread-safe.
 */
final class NativeLifecycle {
    private static final int CLOSED = -1;

    private final String kind;
    private final int mostUsers;
    private final Function<String, IllegalStateException> busy;
    private final AtomicInteger users = new AtomicInteger();

    private NativeLifecycle(String kind, int mostUsers, Function<String, IllegalStateException> busy) {
        this.kind = kind;
        this.mostUsers = mostUsers;
        this.busy = busy;
        NativeMemory.opened(kind);
    }

    /** For an owner that one caller at a time may use. */
    static NativeLifecycle exclusive(String kind) {
        return exclusive(kind, IllegalStateException::new);
    }

    static NativeLifecycle exclusive(String kind, Function<String, IllegalStateException> busy) {
        return new NativeLifecycle(kind, 1, busy);
    }

    /** For an owner that any number of callers may use at once. */
    static NativeLifecycle shared(String kind) {
        return new NativeLifecycle(kind, Integer.MAX_VALUE, IllegalStateException::new);
    }

    void enter() {
        while (true) {
            int now = users.get();
            if (now == CLOSED) {
                throw new IllegalStateException(kind + " is closed");
            }
            if (now == mostUsers) {
                throw busy.apply(kind + " is in use by another caller");
            }
            if (users.compareAndSet(now, now + 1)) {
                return;
            }
        }
    }

    void leave() {
        users.decrementAndGet();
    }

    <T> T use(Supplier<T> call) {
        enter();
        try {
            return call.get();
        } finally {
            leave();
        }
    }

    /** Opens something that stays a user until it {@link #leave leaves}. */
    <T> T adopt(Supplier<T> opening) {
        enter();
        try {
            return opening.get();
        } catch (Throwable e) {
            leave();
            throw e;
        }
    }

    /** Frees the owner, but for a second call, which does nothing; throws while it has users. */
    void close(Runnable free) {
        if (users.compareAndSet(0, CLOSED)) {
            NativeMemory.closed(kind);
            free.run();
            return;
        }
        int now = users.get();
        if (now != CLOSED) {
            throw busy.apply(kind + " cannot close: " + now + (now == 1 ? " user is" : " users are") + " left");
        }
    }

    /** Frees an owner that is itself a user of another. */
    void close(Runnable free, NativeLifecycle used) {
        close(() -> {
            try {
                free.run();
            } finally {
                used.leave();
            }
        });
    }
}
