// SPDX-License-Identifier: Apache-2.0
package dev.puna.creation;

import static java.util.Objects.requireNonNull;

import dev.puna.failure.Cancelled;
import dev.puna.failure.RegistryFailure;
import dev.puna.registry.PullJob;
import dev.puna.registry.PullProgress;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Consumer;

/**
 * One model being got from a registry; where its repository says that it has no GGUF, the model is made of the safetensors there. What is
 * cancelled leaves what has come, for the next pull, and no model. <b>Threads:</b> it is run once, by one that may wait, best a virtual
 * one, and cancelled by any; what computes has a thread of its own.
 */
public final class ModelPull {
    private final PullJob pull;
    private final CreationJob conversion;

    ModelPull(PullJob pull, CreationJob conversion) {
        this.pull = requireNonNull(pull, "pull is null");
        this.conversion = requireNonNull(conversion, "conversion is null");
    }

    /** Nobody wants the model any more; a pull that is done stays done. */
    public void cancel() {
        pull.cancel();
        conversion.cancel();
    }

    /**
     * Gets the model.
     *
     * @param progress told of each step, by one thread at a time
     * @throws dev.puna.failure.Failure if it cannot be had, or was cancelled
     */
    public void run(Consumer<CreationProgress> progress) {
        try {
            pull.run(step -> progress.accept(new CreationProgress.Pulling(step)));
        } catch (RegistryFailure refused) {
            if (refused.kind() != RegistryFailure.Kind.NO_GGUF) {
                throw refused;
            }
            convert(progress);
        }
    }

    /** Whether nothing comes after a step. */
    static boolean isDone(CreationProgress step) {
        return step == CreationProgress.Step.DONE
                || (step instanceof CreationProgress.Pulling(var pulling) && pulling == PullProgress.Step.DONE);
    }

    private void convert(Consumer<CreationProgress> progress) {
        var task = new FutureTask<>(() -> conversion.run(progress), true);
        Thread.ofPlatform().daemon().name("pull-convert").start(task);
        try {
            task.get();
        } catch (InterruptedException e) {
            conversion.cancel();
            Thread.currentThread().interrupt();
            throw new Cancelled("request canceled", e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException known ? known : new IllegalStateException(e);
        }
    }
}
