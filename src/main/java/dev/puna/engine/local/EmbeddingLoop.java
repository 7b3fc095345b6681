// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.local;

import dev.puna.failure.Cancelled;
import dev.puna.failure.Failure;
import dev.puna.failure.NativeFailure;
import dev.puna.llama.Batch;
import dev.puna.llama.Context;
import dev.puna.model.AdapterScales;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Supplier;

/**
 * The one thread that embeds: texts of all callers that wait, and want the same adapters, are packed into batches together, shortest
 * first.
 *
 * <p><b>Borrows</b> the model. <b>Threads:</b> {@link #submit} and {@link #close} from any.
 */
final class EmbeddingLoop implements AutoCloseable {

    private final NativeModel model;
    private final Context context;
    private final ModelTurns turns;
    private final Thread thread;
    private final LinkedBlockingQueue<Job> arrivals = new LinkedBlockingQueue<>();
    private volatile boolean closing;

    EmbeddingLoop(NativeModel model) {
        this.model = model;
        this.context = model.context();
        this.turns = model.turns();
        this.thread = Thread.ofPlatform()
                .name("embed-" + model.spec().name())
                .daemon()
                .unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    /**
     * Has texts embedded.
     *
     * @param adapters to compute with
     * @param tokens of each, made in the loop
     */
    void submit(AdapterScales adapters, Supplier<List<int[]>> tokens, UniEmitter<? super RawVectors> emitter) {
        var job = new Job(adapters, tokens, emitter);
        emitter.onTermination(() -> job.cancelled = true);
        arrivals.add(job);
        if (closing && arrivals.remove(job)) {
            fail(job, unloaded());
        }
    }

    @Override
    public void close() {
        closing = true;
        context.abort(true);
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try (var batch = context.batch(context.batchSize())) {
            while (!closing) {
                var jobs = new ArrayList<Job>();
                jobs.add(arrivals.take());
                arrivals.drainTo(jobs);
                while (!jobs.isEmpty()) {
                    embed(takeAlike(jobs), batch);
                }
            }
        } catch (InterruptedException closed) {
            // close() interrupts; whoever still waits is told below
        }
        for (var job = arrivals.poll(); job != null; job = arrivals.poll()) {
            fail(job, unloaded());
        }
    }

    /** Takes the first job, and all that want the same adapters. */
    private static List<Job> takeAlike(List<Job> jobs) {
        var adapters = jobs.getFirst().adapters;
        var alike = jobs.stream().filter(job -> job.adapters.equals(adapters)).toList();
        jobs.removeAll(alike);
        return alike;
    }

    private void embed(List<Job> jobs, Batch batch) {
        var texts = new ArrayList<Text>();
        for (var job : jobs) {
            try {
                texts.addAll(tokenize(job));
            } catch (Failure failure) {
                fail(job, failure);
            }
        }
        texts.sort(Comparator.comparingInt(text -> text.tokens.length));
        try {
            if (!texts.isEmpty()) {
                model.adapt(jobs.getFirst().adapters);
            }
            for (var first = 0; first < texts.size(); ) {
                first = embedSome(texts, first, batch);
            }
        } catch (RuntimeException failed) {
            var failure = failed instanceof Failure known
                    ? known
                    : new NativeFailure("the texts could not be embedded: " + failed, failed);
            jobs.forEach(job -> fail(job, failure));
        }
        jobs.forEach(this::complete);
    }

    private List<Text> tokenize(Job job) {
        model.check(job.adapters);
        var texts = new ArrayList<Text>();
        for (var tokens : job.tokens.get()) {
            job.promptTokens += tokens.length;
            texts.add(new Text(job, texts.size(), tokens));
        }
        job.vectors = new float[texts.size()][];
        return texts;
    }

    /** Embeds as many texts from an index on as one batch takes, and returns the index after them. */
    private int embedSome(List<Text> texts, int first, Batch batch) {
        batch.clear();
        var next = first;
        while (next < texts.size()
                && next - first < context.sequences()
                && batch.size() + texts.get(next).tokens.length <= context.physicalBatchSize()) {
            var tokens = texts.get(next).tokens;
            for (var position = 0; position < tokens.length; position++) {
                batch.add(tokens[position], position, next - first, true);
            }
            next++;
        }
        if (texts.subList(first, next).stream().anyMatch(text -> !text.job.cancelled)) {
            var count = next - first;
            var embeddings = turns.take(batch.size(), () -> context.embed(batch, count));
            for (var i = first; i < next; i++) {
                var text = texts.get(i);
                text.job.vectors[text.index] = embeddings[i - first];
            }
        }
        return next;
    }

    private void complete(Job job) {
        if (!job.ended) {
            job.ended = true;
            job.emitter.complete(new RawVectors(List.of(job.vectors), job.promptTokens));
        }
    }

    private void fail(Job job, Failure failure) {
        if (!job.ended) {
            job.ended = true;
            job.emitter.fail(failure);
        }
    }

    private static Cancelled unloaded() {
        return new Cancelled("the model was unloaded");
    }

    private static final class Job {
        final AdapterScales adapters;
        final Supplier<List<int[]>> tokens;
        final UniEmitter<? super RawVectors> emitter;
        float[][] vectors = new float[0][];
        int promptTokens;
        volatile boolean cancelled;
        boolean ended;

        Job(AdapterScales adapters, Supplier<List<int[]>> tokens, UniEmitter<? super RawVectors> emitter) {
            this.adapters = adapters;
            this.tokens = tokens;
            this.emitter = emitter;
        }
    }

    private record Text(Job job, int index, int[] tokens) {}
}
