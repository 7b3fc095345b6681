// SPDX-License-Identifier: Apache-2.0
package dev.puna.registry.http;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.RequestOptions;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * One request being sent by a thread that waits, until the headers of its answer are there. Whatever fails ends the connection. Used
 * once.
 */
final class Exchange {
    /** Pieces of the body that may be on their way to the connection. */
    private static final int WRITES = 4;

    private static final int PIECE = 1 << 16;
    /** Vert.x gives up a connection before, so this is for one that waits for its turn. */
    private static final Duration TO_CONNECT = Duration.ofSeconds(90);

    private final HttpClient client;
    private final Duration silence;
    private final Semaphore writes = new Semaphore(WRITES);
    private final CompletableFuture<RegistryResponse> answer = new CompletableFuture<>();
    /** Whether all of the request has gone, without which the connection is good for no other. */
    private volatile boolean whole;

    Exchange(HttpClient client, Duration silence) {
        this.client = client;
        this.silence = silence;
    }

    RegistryResponse run(RegistryRequest request, RequestOptions options) throws IOException {
        var sent = connect(options);
        try {
            sent.response().onComplete(begun -> {
                if (begun.succeeded()) {
                    answered(request, begun.result());
                } else {
                    answer.completeExceptionally(begun.cause());
                }
            });
            if (request.body().isPresent()) {
                write(sent, request.body().get());
            } else {
                end(sent);
            }
            return await(answer, request.patience().orElse(silence), "Read timed out");
        } catch (IOException | RuntimeException e) {
            sent.reset();
            throw e;
        }
    }

    private HttpClientRequest connect(RequestOptions options) throws IOException {
        var connected = new CompletableFuture<HttpClientRequest>();
        client.request(options).onComplete(begun -> {
            // A thread that has stopped to wait will not end the request.
            if (begun.failed()) {
                connected.completeExceptionally(begun.cause());
            } else if (!connected.complete(begun.result())) {
                begun.result().reset();
            }
        });
        try {
            return await(connected, TO_CONNECT, "Connect timed out");
        } catch (IOException e) {
            if (!connected.completeExceptionally(e) && !connected.isCompletedExceptionally()) {
                connected.join().reset();
            }
            throw e;
        }
    }

    /** On Vert.x's thread, before anything of the body is let through. */
    private void answered(RegistryRequest request, HttpClientResponse response) {
        var body = new ResponseBody(response, silence, () -> whole);
        if (!answer.complete(
                new RegistryResponse(request.address(), response.statusCode(), response::getHeader, body))) {
            body.close();
        }
    }

    private void write(HttpClientRequest sent, RequestBody body) throws IOException {
        if (body.grace().isPositive()) {
            sent.sendHead();
            awaitAnswer(body.grace());
        }
        try (var source = body.source().open()) {
            var piece = new byte[PIECE];
            var left = body.length();
            // An answer that comes before everything is sent says that the rest is not wanted.
            while (left > 0 && !answer.isDone()) {
                var count = source.readNBytes(piece, 0, (int) Math.min(piece.length, left));
                if (count == 0) {
                    throw new IOException("what is to be sent has become shorter by %d bytes".formatted(left));
                }
                left -= count;
                takeTurn();
                sent.write(Buffer.buffer(count).appendBytes(piece, 0, count)).onComplete(_ -> writes.release());
            }
            if (left == 0) {
                end(sent);
            }
        }
    }

    private void end(HttpClientRequest sent) {
        whole = true;
        sent.end();
    }

    private void awaitAnswer(Duration grace) throws IOException {
        try {
            answer.get(grace.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException _) {
            // Then the body is wanted.
        } catch (ExecutionException e) {
            throw Unanswered.because(e.getCause() == null ? e : e.getCause());
        } catch (InterruptedException _) {
            throw interrupted();
        }
    }

    private void takeTurn() throws IOException {
        try {
            if (!writes.tryAcquire(silence.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new SocketTimeoutException("Write timed out");
            }
        } catch (InterruptedException _) {
            throw interrupted();
        }
    }

    private static <T> T await(CompletableFuture<T> future, Duration patience, String otherwise) throws IOException {
        try {
            return future.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException _) {
            throw new SocketTimeoutException(otherwise);
        } catch (ExecutionException e) {
            throw Unanswered.because(e.getCause() == null ? e : e.getCause());
        } catch (InterruptedException _) {
            throw interrupted();
        }
    }

    private static IOException interrupted() {
        Thread.currentThread().interrupt();
        return new InterruptedIOException("interrupted");
    }
}
