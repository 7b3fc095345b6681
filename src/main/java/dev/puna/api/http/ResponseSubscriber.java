// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.http;

import dev.puna.api.json.RecordJson;
import io.smallrye.mutiny.subscription.MultiSubscriber;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import java.util.concurrent.Flow.Subscription;
import org.jspecify.annotations.Nullable;

/**
 * Writes the items of a {@link StreamedResponse} to one response.
 *
 * <p><b>Threads:</b> signals come from any thread, one at a time; everything else happens on the event loop, so that whoever
 * produces the items pays only for handing them over. <b>Owns</b> the end of the response: it is ended exactly once, unless
 * the client has left.
 */
final class ResponseSubscriber implements MultiSubscriber<Object> {
    /** Time for what is wrong with a request to be told with its own status. */
    private static final long BEFORE_PROBES_MS = 1_000;

    private static final long BETWEEN_PROBES_MS = 300;
    private static final long NO_TIMER = -1;

    /** Bytes of an answer that may wait for a slow reader beside those in the system's buffers. */
    private static final int MOST_WAITING = 16 << 10;

    private final StreamedResponse answer;
    private final ErrorShape errors;
    private final HttpServerResponse response;
    private final Context loop;
    private final Runnable whenDone;

    private @Nullable Subscription subscription;
    private boolean begun;
    private boolean items;
    private boolean done;
    private boolean silent = true;
    private long keepAlive = NO_TIMER;

    /**
     * @param errors what errors look like to the client
     * @param loop context of the connection's event loop
     * @param whenDone called once, after the response has ended or the client has left
     */
    ResponseSubscriber(
            StreamedResponse answer, ErrorShape errors, HttpServerResponse response, Context loop, Runnable whenDone) {
        this.answer = answer;
        this.errors = errors;
        this.response = response;
        this.loop = loop;
        this.whenDone = whenDone;
    }

    @Override
    public void onSubscribe(Subscription started) {
        loop.runOnContext(_ -> begin(started));
    }

    @Override
    public void onItem(Object item) {
        loop.runOnContext(_ -> write(item));
    }

    @Override
    public void onFailure(Throwable failure) {
        loop.runOnContext(_ -> fail(failure));
    }

    @Override
    public void onCompletion() {
        loop.runOnContext(_ -> complete());
    }

    private void begin(Subscription started) {
        subscription = started;
        response.closeHandler(_ -> leave());
        response.exceptionHandler(_ -> leave());
        response.setWriteQueueMaxSize(MOST_WAITING);
        if (response.closed()) {
            leave();
        } else {
            keepAlive();
            started.request(1);
        }
    }

    private void keepAlive() {
        var silence = answer.framing().longestSilence().toMillis();
        if (silence > 0) {
            keepAlive = loop.owner().setPeriodic(silence, _ -> breakSilence());
        }
    }

    /** Says nothing to a client that waits; one that does not read what is there waits for nothing. */
    private void breakSilence() {
        if (silent && !response.writeQueueFull()) {
            head(200, answer.framing().contentType(), true);
            response.write(Buffer.buffer(answer.framing().nothing()));
        }
        silent = true;
    }

    private void isDone() {
        done = true;
        loop.owner().cancelTimer(keepAlive);
    }

    /**
     * The client sends nothing more: it may wait for its answer, or have left. What says nothing in the answer's framing tells, and
     * goes out now and then until the answer is whole.
     */
    void shut(Vertx vertx) {
        vertx.setTimer(BEFORE_PROBES_MS, _ -> probe(vertx));
    }

    private void probe(Vertx vertx) {
        if (done) {
            return;
        }
        head(200, answer.framing().contentType(), true);
        response.write(Buffer.buffer(answer.framing().nothing()));
        vertx.setTimer(BETWEEN_PROBES_MS, _ -> probe(vertx));
    }

    private void write(Object item) {
        if (done) {
            return;
        }
        var framing = answer.framing();
        if (!framing.grows()) {
            finish(200, framing.contentType(), framing.item(item));
            return;
        }
        head(200, framing.contentType(), true);
        items = true;
        silent = false;
        response.write(Buffer.buffer(framing.item(item)));
        if (response.writeQueueFull()) {
            response.drainHandler(_ -> more());
        } else {
            more();
        }
    }

    private void more() {
        if (!done && subscription != null) {
            subscription.request(1);
        }
    }

    private void fail(Throwable failure) {
        if (done) {
            return;
        }
        var error = ErrorResponse.of(failure);
        var body = errors.body(error);
        if (!begun) {
            finish(error.status(), answer.errorType(), RecordJson.bytes(body));
            return;
        }
        var framing = answer.framing();
        framing.error(body, items).ifPresentOrElse(last -> finish(200, framing.contentType(), last), this::cutOff);
    }

    private void cutOff() {
        isDone();
        response.reset();
        whenDone.run();
    }

    private void complete() {
        if (!done) {
            finish(200, answer.framing().contentType(), answer.framing().end());
        }
    }

    private void finish(int status, String contentType, byte[] rest) {
        isDone();
        head(status, contentType, answer.framing().grows() && status == 200);
        response.end(Buffer.buffer(rest)).onComplete(_ -> whenDone.run());
    }

    /**
     * @param grows whether its length is not known yet
     */
    private void head(int status, String contentType, boolean grows) {
        if (!begun) {
            begun = true;
            response.setStatusCode(status).putHeader(HttpHeaders.CONTENT_TYPE, contentType);
            response.setChunked(grows);
        }
    }

    private void leave() {
        if (!done) {
            isDone();
            if (subscription != null) {
                subscription.cancel();
            }
            whenDone.run();
        }
    }
}
