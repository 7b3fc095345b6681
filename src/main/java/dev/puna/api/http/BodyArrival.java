// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.http;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The gate at which bodies arrive: a worker thread gets a request when its body is here, so clients that send slowly, or stop, keep no
 * worker. What is too long to wait for, because nobody said how long it is or because it goes to disk as it comes, is read by
 * workers, of whom most are kept for others. <b>Threads:</b> event loops.
 */
final class BodyArrival implements Gate {
    private static final String ARRIVED = BodyArrival.class.getName();
    private static final String TURN = ReadingTurns.class.getName();
    private static final int FIRST_PART = 64 << 10;

    private final int largestBody;
    private final ReadingTurns turns = new ReadingTurns();

    BodyArrival(MemoryBudget budget) {
        largestBody = budget.largestBody();
    }

    /** What has arrived of a body. <b>Threads:</b> one at a time. */
    static final class Arrived {
        private byte[] bytes;
        private int length;
        private boolean whole;

        private Arrived(int expected) {
            bytes = new byte[expected];
        }

        private void add(Buffer part, int most) {
            var sum = length + part.length();
            if (sum > bytes.length) {
                bytes = Arrays.copyOf(bytes, Math.max(sum, Math.min(most, 2 * bytes.length)));
            }
            part.getBytes(bytes, length);
            length = sum;
        }

        /** Whether nothing more is to come. */
        boolean whole() {
            return whole;
        }

        /** The bytes, which are the caller's from now on. */
        byte[] take() {
            var all = bytes.length == length ? bytes : Arrays.copyOf(bytes, length);
            bytes = new byte[0];
            length = 0;
            return all;
        }
    }

    /** What has arrived of the body of a request; nothing if it was not waited for. */
    static @Nullable Arrived of(RoutingContext context) {
        return context.get(ARRIVED);
    }

    /** A body has been read to its end: another may be. */
    static void over(RoutingContext context) {
        ReadingTurns.Turn turn = context.get(TURN);
        if (turn != null) {
            turn.end();
        }
    }

    @Override
    public void enter(EdgeRequest request, Runnable on) {
        var http = request.context().request();
        var announced = http.getHeader(HttpHeaders.CONTENT_LENGTH);
        var length = announced == null ? 0 : Long.parseLong(announced);
        var chunked = http.headers().contains(HttpHeaders.TRANSFER_ENCODING);
        if (request.route().filter(Route::streamsBody).isPresent()) {
            takeTurn(request.context(), on);
        } else if (takesNone(request)
                || (!chunked && length == 0)
                || length > largestBody
                || JsonBodyReader.isEncoded(http.getHeader(HttpHeaders.CONTENT_ENCODING))) {
            on.run();
        } else {
            gather(request.context(), chunked ? FIRST_PART : (int) length, !chunked, on);
        }
    }

    private static boolean takesNone(EdgeRequest request) {
        return request.method().equals("GET") || request.method().equals("HEAD");
    }

    private void gather(RoutingContext context, int most, boolean announced, Runnable on) {
        var request = context.request();
        var arrived = new Arrived(Math.min(most, FIRST_PART));
        context.put(ARRIVED, arrived);
        request.exceptionHandler(_ -> {
            // Who has left gets no answer; what the request holds is given back with its connection.
        });
        request.endHandler(_ -> {
            arrived.whole = true;
            on.run();
        });
        request.handler(part -> {
            arrived.add(part, most);
            if (!announced && arrived.length > most) {
                stopGathering(request);
                takeTurn(context, on);
            }
        });
        askFor(context);
        request.resume();
    }

    private static void stopGathering(HttpServerRequest request) {
        request.pause();
        request.handler(null);
        request.endHandler(null);
    }

    private static void askFor(RoutingContext context) {
        if ("100-continue".equalsIgnoreCase(context.request().getHeader(HttpHeaders.EXPECT))) {
            context.response().writeContinue();
        }
    }

    private void takeTurn(RoutingContext context, Runnable on) {
        context.request().pause();
        var loop = Vertx.currentContext();
        var turn = turns.take(() -> loop.runOnContext(_ -> {
            if (!context.response().closed()) {
                on.run();
            }
        }));
        context.put(TURN, turn);
        context.addEndHandler(_ -> turn.end());
        turn.begin();
    }
}
