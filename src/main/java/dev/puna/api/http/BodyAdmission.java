// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.http;

import dev.puna.api.json.RecordJson;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The gate that lets requests with a body to their resources when the {@link MemoryBudget} has room for them, and takes the room back when they
 * are answered. A request that waits has not been read: it costs a connection and no thread. <b>Threads:</b> event loops.
 */
final class BodyAdmission implements Gate {
    private static final String SHARE = Share.class.getName();

    /** A request without what it becomes: buffers, headers, its answer. */
    static final long OWN = 64 << 10;

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final MemoryBudget budget;

    BodyAdmission(MemoryBudget budget) {
        this.budget = budget;
    }

    /** The room of a request that has been admitted; none if it has not. */
    static @Nullable Share share(RoutingContext context) {
        return context.get(SHARE);
    }

    /** The same, taken now by a request that came without admission; if there is no room, that is told. */
    static Share share(RoutingContext context, MemoryBudget budget) {
        var admitted = share(context);
        if (admitted != null) {
            return admitted;
        }
        var share = budget.enter(OWN).orElseThrow(MemoryBudget::busy);
        hold(context, share);
        return share;
    }

    /** Goes on with a request now or later, or answers that there is no room. */
    @Override
    public void enter(EdgeRequest request, Runnable on) {
        // Blobs go to disk as they come, and what is too long is refused by who would read it.
        if (request.route().filter(Route::streamsBody).isPresent()) {
            on.run();
            return;
        }
        var length = length(request.context().request());
        // Nor does what is not read need room for it.
        var bytes = length > budget.largestBody() ? OWN : OWN + 2 * length;
        try {
            var share = budget.enter(bytes);
            if (share.isPresent()) {
                begin(request, share.get(), on);
            } else {
                await(request, bytes, on);
            }
        } catch (BodyTooLarge tooLarge) {
            refuse(request, tooLarge);
        }
    }

    private static void refuse(EdgeRequest request, RuntimeException reason) {
        var answer = ErrorResponse.of(reason);
        request.context()
                .response()
                .setStatusCode(answer.status())
                .putHeader(HttpHeaders.CONTENT_TYPE, ContentTypes.JSON)
                .end(Buffer.buffer(RecordJson.bytes(request.errors().body(answer))));
    }

    private void await(EdgeRequest request, long bytes, Runnable on) {
        var context = request.context();
        context.request().pause();
        var loop = Vertx.currentContext();
        var over = new AtomicBoolean();
        var entry = budget.await(bytes, share -> later(loop, request, share, over, on));
        var timer = context.vertx().setTimer(PATIENCE.toMillis(), _ -> {
            if (budget.leave(entry)) {
                refuse(request, MemoryBudget.busy());
            }
        });
        context.addEndHandler(_ -> {
            over.set(true);
            context.vertx().cancelTimer(timer);
            budget.leave(entry);
        });
    }

    private static void later(Context loop, EdgeRequest request, Share share, AtomicBoolean over, Runnable on) {
        loop.runOnContext(_ -> {
            if (over.get() || request.context().response().closed()) {
                share.close();
            } else {
                begin(request, share, on);
            }
        });
    }

    private static void begin(EdgeRequest request, Share share, Runnable on) {
        hold(request.context(), share);
        on.run();
    }

    private static void hold(RoutingContext context, Share share) {
        context.put(SHARE, share);
        context.addEndHandler(_ -> share.close());
        // The handlers of a connection that is closed by now have been called.
        if (context.response().closed()) {
            share.close();
        }
    }

    /** Bytes of the body, 0 if there is none; a length that nobody said is taken for a small one. */
    private static long length(HttpServerRequest request) {
        if (request.headers().contains(HttpHeaders.TRANSFER_ENCODING)) {
            return 1;
        }
        var length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        return length == null ? 0 : Long.parseLong(length);
    }
}
