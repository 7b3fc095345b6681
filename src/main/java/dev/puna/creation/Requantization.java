// SPDX-License-Identifier: Apache-2.0
package dev.puna.creation;

import dev.puna.creation.CreationProgress.Quantizing;
import dev.puna.creation.CreationProgress.Step;
import dev.puna.engine.Loading;
import dev.puna.engine.Quantizer;
import dev.puna.failure.Cancelled;
import dev.puna.failure.Failure;
import dev.puna.failure.InvalidRequest;
import dev.puna.failure.NativeFailure;
import dev.puna.gguf.Gguf;
import dev.puna.gguf.GgufFile;
import dev.puna.gguf.WeightPlans;
import dev.puna.model.Digest;
import dev.puna.model.FileType;
import dev.puna.model.ModelFacts;
import dev.puna.model.WeightPlan;
import dev.puna.model.WeightRules;
import dev.puna.store.ModelDraft;
import dev.puna.store.ModelStore;
import dev.puna.store.PendingBlob;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * The {@code quantize} of a create request: weights written anew in another type. <b>Threads:</b> one, which waits; the work
 * itself has a thread of its own. Source: contract 3.2, step 5.
 */
final class Requantization {
    private static final long LOOK_MILLIS = 250;
    /** As recorded: what takes no longer has no progress worth telling. */
    private static final long QUIET_MILLIS = 3000;

    private final ModelStore store;
    private final Quantizer quantizer;
    private final String type;
    private final WeightRules rules;
    private final Consumer<CreationProgress> told;
    private final BooleanSupplier cancelled;

    /**
     * What was made.
     *
     * @param blob the file, which no model has yet
     * @param facts what it says
     */
    record Made(Digest blob, ModelFacts facts) {}

    /** The usual types for the tensors of a file of some type, without an importance matrix. */
    Requantization(
            ModelStore store,
            Quantizer quantizer,
            String type,
            Consumer<CreationProgress> told,
            BooleanSupplier cancelled) {
        this(store, quantizer, type, WeightRules.NONE, told, cancelled);
    }

    /**
     * @param type that the weights shall have, in capitals; empty to leave them alone
     * @param rules what else is said of that
     * @param cancelled whether nobody wants the model any more
     */
    Requantization(
            ModelStore store,
            Quantizer quantizer,
            String type,
            WeightRules rules,
            Consumer<CreationProgress> told,
            BooleanSupplier cancelled) {
        this.store = store;
        this.quantizer = quantizer;
        this.type = type;
        this.rules = rules;
        this.told = told;
        this.cancelled = cancelled;
    }

    /** Whether these weights have to be written anew; refuses an unknown type, and weights that have lost too much. */
    boolean changes(ModelFacts weights) {
        if (type.isEmpty()) {
            return false;
        }
        var target = plan().fileType();
        if (!FileType.isSource(weights.fileType())) {
            throw new NativeFailure("quantization is only supported for F16, BF16 and F32 models");
        }
        return !rules.isEmpty() || !weights.fileType().equals(FileType.name(target));
    }

    /** Refuses an unknown type, before hours go into weights that could then not be written anew. */
    void requireKnown() {
        if (!type.isEmpty()) {
            var _ = plan();
        }
    }

    /** Puts new weights in the place of those that the draft has, if they are to change. */
    void apply(ModelDraft draft) {
        if (type.isEmpty()) {
            return;
        }
        var weights = draft.weights();
        if (!weights.isEmpty() && changes(read(store.path(weights.getFirst())).facts())) {
            var made = write(weights);
            draft.requantized(made.blob(), made.facts());
        }
    }

    /** Writes the weights of these blobs, the parts of one model in order, into a new blob. */
    Made write(List<Digest> weights) {
        var plan = plan();
        var files = weights.stream().map(store::path).toList();
        var source = read(files.getFirst()).facts();
        var size = files.stream().mapToLong(path -> path.toFile().length()).sum();
        try (var file = store.beginUnnamed()) {
            var progress = Loading.create();
            run(
                    () -> quantizer.quantize(files, file.path(), plan, progress),
                    progress,
                    () -> told.accept(
                            new Quantizing(source.fileType(), type, size, (long) (progress.fraction() * size))),
                    file);
            told.accept(Step.VERIFYING_CONVERSION);
            var facts = verified(file).facts();
            return new Made(file.commit(), facts);
        }
    }

    /** Quantises on a thread of its own and reports progress on this one; a client that leaves ends it at the next tensor. */
    private void run(Runnable work, Loading progress, Runnable tick, PendingBlob file) {
        var task = new FutureTask<>(work, true);
        Thread.ofPlatform().daemon().name("quantize").start(task);
        for (var waited = 0L; ; waited += LOOK_MILLIS) {
            try {
                var _ = task.get(LOOK_MILLIS, TimeUnit.MILLISECONDS);
                return;
            } catch (TimeoutException _) {
                if (cancelled.getAsBoolean()) {
                    progress.cancel();
                } else if (waited >= QUIET_MILLIS) {
                    tick.run();
                }
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
                progress.cancel();
                throw new Cancelled("request canceled");
            } catch (ExecutionException e) {
                throw failure(e, file);
            }
        }
    }

    private static Failure failure(ExecutionException e, PendingBlob file) {
        return switch (e.getCause()) {
            case NativeFailure failure -> file.explained(failure);
            case Failure failure -> failure;
            case null, default -> new NativeFailure("the model cannot be quantised: " + e.getCause(), e);
        };
    }

    /** libllama may not notice that the disk is full; what it leaves then is no GGUF. */
    private static GgufFile verified(PendingBlob file) {
        try {
            return Gguf.read(file.path());
        } catch (InvalidRequest e) {
            throw file.explained(new NativeFailure("the quantised model is damaged: " + e.text(), e));
        }
    }

    private static GgufFile read(Path file) {
        return Gguf.read(file);
    }

    private WeightPlan plan() {
        if (FileType.target(type).isEmpty()) {
            // Ollama's text, by which clients know it; there are more types.
            throw new NativeFailure(
                    "unsupported quantization type %s - supported types are F32, F16, Q4_K_S, Q4_K_M, Q8_0"
                            .formatted(type));
        }
        return WeightPlans.of(type, rules, importance());
    }

    private Optional<Path> importance() {
        if (rules.importance().isEmpty()) {
            return Optional.empty();
        }
        var digest = Digest.parse(rules.importance());
        if (!store.contains(digest)) {
            throw new InvalidRequest(
                    "there is no blob %s for the importance matrix: send it first".formatted(digest.text()));
        }
        return Optional.of(store.path(digest));
    }
}
