// SPDX-License-Identifier: Apache-2.0
package dev.puna.llama.guard;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Room for C code that recurses as deep as its input is nested.
 *
 * <p>llama.cpp walks schemas, grammars, templates and answers by recursion, and the end of a stack is the end of the
 * process. So such calls run on a thread of their own, whose stack is so large that what {@link SchemaLimits} and
 * {@link dev.puna.llama.ChatParser} let through fits; of its memory only what is used is ever taken. That costs about 0.1 ms a call.
 */
public final class DeepStack {
    private static final long BYTES = 128L << 20;

    private DeepStack() {}

    /** The result of the call, or its exception; waits for it even when interrupted, since C does not stop half-way. */
    public static <T> T call(Supplier<T> call) {
        var task = new FutureTask<T>(call::get);
        var thread = new Thread(null, task, "puna-deep-stack", BYTES);
        thread.setDaemon(true);
        thread.start();
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return task.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                } catch (ExecutionException e) {
                    throw unchecked(e.getCause());
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static RuntimeException unchecked(@Nullable Throwable thrown) {
        if (thrown instanceof Error error) {
            throw error;
        }
        return thrown instanceof RuntimeException exception ? exception : new IllegalStateException(thrown);
    }
}
