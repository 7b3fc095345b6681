// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.local;

import dev.puna.engine.EmbeddingRequest;
import dev.puna.engine.EmbeddingResult;
import dev.puna.failure.Cancelled;
import dev.puna.failure.Failure;
import dev.puna.failure.InvalidRequest;
import dev.puna.failure.NativeFailure;
import dev.puna.llama.Batch;
import dev.puna.llama.Context;
import dev.puna.llama.Vocabulary;
import dev.puna.tokenization.TextTokens;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * The one thread that embeds: texts of all callers that wait are packed into batches together, shortest first.
 *
 * <p><b>Borrows</b> the model. <b>Threads:</b> {@link #submit} and {@link #close} from any.
 */
final class EmbeddingLoop implements AutoCloseable {

    private final Context context;
    private final ComputeLock computeLock;
    private final Vocabulary vocabulary;
    private final int contextLength;
    private final Thread thread;
    private final LinkedBlockingQueue<Job> arrivals = new LinkedBlockingQueue<>();
    private volatile boolean closing;

    EmbeddingLoop(NativeModel model) {
        this.context = model.context();
        this.computeLock = model.computeLock();
        this.vocabulary = model.vocabulary();
        this.contextLength = model.spec().contextLength();
        this.thread = Thread.ofPlatform()
                .name("embed-" + model.spec().name())
                .daemon()
                .unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    void submit(EmbeddingRequest request, UniEmitter<? super EmbeddingResult> emitter) {
        var job = new Job(request, emitter);
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
                embed(jobs, batch);
            }
        } catch (InterruptedException closed) {
            // close() interrupts; whoever still waits is told below
        }
        for (var job = arrivals.poll(); job != null; job = arrivals.poll()) {
            fail(job, unloaded());
        }
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
        var texts = new ArrayList<Text>();
        var inputs = job.request.inputs();
        for (var index = 0; index < inputs.size(); index++) {
            var all = vocabulary.tokens(inputs.get(index), true, () -> {});
            var fits = all.countUpTo(contextLength) <= contextLength;
            if (!fits && !job.request.truncate()) {
                throw new InvalidRequest("the input length exceeds the context length");
            }
            var tokens = fits ? all.all() : cut(all, Math.min(contextLength, job.request.most()));
            job.promptTokens += tokens.length;
            texts.add(new Text(job, index, tokens));
        }
        return texts;
    }

    /** Shortens to so many tokens, keeping the last token: models of this kind end every text with a separator. */
    private int[] cut(TextTokens tokens, int most) {
        var special = (vocabulary.addsBos() ? 1 : 0) + (vocabulary.addsEos() ? 1 : 0);
        if (most <= special) {
            throw new InvalidRequest("input after truncation exceeds maximum context length");
        }
        var shorter = tokens.first(most);
        if (vocabulary.addsEos()) {
            shorter[most - 1] = tokens.last(1)[0];
        }
        return shorter;
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
            var embeddings = computeLock.take(() -> context.embed(batch, count));
            for (var i = first; i < next; i++) {
                var text = texts.get(i);
                text.job.embeddings[text.index] = normalized(embeddings[i - first]);
            }
        }
        return next;
    }

    private static float[] normalized(float[] raw) {
        var sum = 0.0;
        for (var value : raw) {
            sum += (double) value * value;
        }
        if (!Double.isFinite(sum)) {
            throw new NativeFailure("embedding contains NaN or Inf values");
        }
        var scale = sum > 0 ? 1 / Math.sqrt(sum) : 0;
        for (var i = 0; i < raw.length; i++) {
            raw[i] = (float) (raw[i] * scale);
        }
        return raw;
    }

    private void complete(Job job) {
        if (!job.ended) {
            job.ended = true;
            job.emitter.complete(new EmbeddingResult(List.of(job.embeddings), job.promptTokens));
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
        final EmbeddingRequest request;
        final UniEmitter<? super EmbeddingResult> emitter;
        final float[][] embeddings;
        int promptTokens;
        volatile boolean cancelled;
        boolean ended;

        Job(EmbeddingRequest request, UniEmitter<? super EmbeddingResult> emitter) {
            this.request = request;
            this.emitter = emitter;
            this.embeddings = new float[request.inputs().size()][];
        }
    }

    private record Text(Job job, int index, int[] tokens) {}
}
