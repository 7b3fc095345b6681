// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.remote;

import dev.puna.engine.Loading;
import dev.puna.engine.wire.FromRunner;
import dev.puna.engine.wire.ToRunner;
import dev.puna.failure.Failure;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.DoubleConsumer;
import java.util.function.LongFunction;

/** A call with one answer. What depends on it runs on threads of its own, which may be held up. */
final class PendingAnswer<T extends FromRunner> implements RunnerCall {
    private final Class<T> kind;
    private final DoubleConsumer progress;
    private final CompletableFuture<T> future = new CompletableFuture<>();
    private final RunnerChannel channel;

    private PendingAnswer(RunnerChannel channel, Class<T> kind, DoubleConsumer progress) {
        this.channel = channel;
        this.kind = kind;
        this.progress = progress;
    }

    static <T extends FromRunner> PendingAnswer<T> ask(
            RunnerChannel channel, Class<T> kind, LongFunction<ToRunner> message) {
        return ask(channel, kind, message, _ -> {});
    }

    /**
     * @param progress told how far it is, on the thread that reads
     */
    private static <T extends FromRunner> PendingAnswer<T> ask(
            RunnerChannel channel, Class<T> kind, LongFunction<ToRunner> message, DoubleConsumer progress) {
        var pending = new PendingAnswer<>(channel, kind, progress);
        channel.call(pending, message);
        return pending;
    }

    /**
     * Has the process of a channel do what takes long, and waits for it.
     *
     * @param loading told how far it is; cancelling it ends the process
     * @throws Failure with which it failed, {@code Cancelled} if the process was ended for that
     */
    static <T extends FromRunner> T follow(
            RunnerChannel channel, Class<T> kind, LongFunction<ToRunner> message, Loading loading) {
        loading.onCancel(channel::close);
        try {
            var fraction = new AtomicReference<>(0.0);
            loading.follow(fraction::get);
            return ask(channel, kind, message, fraction::set).await();
        } finally {
            loading.onCancel(() -> {});
        }
    }

    CompletableFuture<T> future() {
        return future;
    }

    /**
     * Waits for the answer, which comes, or the process ends.
     *
     * @throws Failure with which the call failed
     */
    T await() {
        try {
            return future.join();
        } catch (CompletionException failed) {
            if (failed.getCause() instanceof Failure failure) {
                throw failure;
            }
            throw failed;
        }
    }

    @Override
    public void answer(FromRunner message) {
        if (message instanceof FromRunner.Progress(var _, var fraction)) {
            progress.accept(fraction);
            return;
        }
        if (!kind.isInstance(message)) {
            throw new IllegalStateException("it answered with %s where %s was wanted"
                    .formatted(message.getClass().getSimpleName(), kind.getSimpleName()));
        }
        channel.forget(message.call());
        future.completeAsync(() -> kind.cast(message), channel.environment().answers());
    }

    @Override
    public void ended() {
        throw new IllegalStateException("it ended a call without an answer");
    }

    @Override
    public void failed(Failure failure) {
        channel.environment().answers().execute(() -> future.completeExceptionally(failure));
    }
}
