// SPDX-License-Identifier: Apache-2.0
package dev.puna.connection;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.SocketChannelConfig;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.impl.ConnectionBase;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Hands on one request of a connection at a time, and answers clients that close their sending half once they have sent a request, as {@code nc -N} does: the connection is closed
 * only when all that was asked on it has been answered. What is cut off inside a request gets no answer. What comes before the
 * request ahead of it is answered waits here: of a client that leaves in the middle of its second request, Vert.x would tell nobody who works
 * on the first.
 *
 * <p>A client that has left looks the same at first. So whoever has long to work asks to be told ({@link #whenShut}) and then
 * sends something now and then: to that a client that has left answers with a reset. <b>Threads:</b> the connection's event loop.
 * Source: RFC 9112, section 9.6; {@code ChannelOption.ALLOW_HALF_CLOSURE} of Netty, which Vert.x has no setting for.
 */
@SuppressWarnings("FutureReturnValueIgnored") // Nothing is done about a write that fails but what Netty does.
public final class HalfClose extends ChannelDuplexHandler {
    private static final String NAME = "puna-half-close";
    private static final String OF_VERTX = "handler";

    /** Bytes of requests that wait here; then nothing more is read until the request ahead has been answered. */
    private static final int MOST_WAITING = 64 << 10;

    /** Bytes of memory that a request takes beside its text. */
    private static final int REQUEST = 512;

    /** Requests without an answer: the one in whose handling this was installed is the first. */
    private final AtomicInteger open = new AtomicInteger(1);

    private int requests = 1;
    private boolean awaitsContinue;

    private boolean whole;
    private boolean shut;

    /** Whether a request that was handed on has no answer yet. */
    private boolean answering = true;

    /** Whether an answer has said that it is the last of this connection; and whether requests have come that get none therefore. */
    private boolean last;

    private boolean dropping;

    private final Deque<Object> waiting = new ArrayDeque<>();
    private int waitingBytes;
    private @Nullable Runnable told;

    /** Lets the client of a request close its half from now on. */
    public static void allow(HttpServerRequest request) {
        if (!(request.connection() instanceof ConnectionBase connection)) {
            return;
        }
        var channel = connection.channel();
        if (channel.config() instanceof SocketChannelConfig socket
                && !socket.isAllowHalfClosure()
                && channel.pipeline().get(OF_VERTX) != null) {
            socket.setAllowHalfClosure(true);
            var handler = new HalfClose();
            handler.awaitsContinue = request.headers().contains(HttpHeaderNames.EXPECT);
            channel.pipeline().addBefore(OF_VERTX, NAME, handler);
            var guard = channel.pipeline().get(ConnectionGuard.class);
            if (guard != null) {
                guard.serves(handler);
            }
        }
    }

    /** Runs a task when the client of a request closes its half: at once if it has. It replaces an earlier one. */
    public static void whenShut(HttpServerRequest request, Runnable task) {
        if (request.connection() instanceof ConnectionBase connection
                && connection.channel().pipeline().get(NAME) instanceof HalfClose handler) {
            handler.told = task;
            if (handler.shut) {
                task.run();
            }
        }
    }

    /** Requests that have no answer yet; any thread. */
    int open() {
        return open.get();
    }

    /** All requests so far. */
    int requests() {
        return requests;
    }

    /** Whether all of the last request is here. */
    boolean whole() {
        return whole;
    }

    /** Whether the client of the last request sends its body only when it is told to go on. */
    boolean awaitsContinue() {
        return awaitsContinue;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        dropping |= last && message instanceof HttpRequest;
        if (dropping) {
            ReferenceCountUtil.release(message);
            return;
        }
        if (message instanceof HttpRequest request) {
            open.incrementAndGet();
            requests++;
            whole = false;
            awaitsContinue = request.headers().contains(HttpHeaderNames.EXPECT);
        }
        if (message instanceof LastHttpContent) {
            whole = true;
        }
        if (waiting.isEmpty() && mayGo(message)) {
            handOn(context, message);
        } else {
            waiting.add(message);
            waitingBytes += bytes(message);
            if (waitingBytes > MOST_WAITING) {
                context.channel().config().setAutoRead(false);
            }
        }
    }

    private static int bytes(Object message) {
        var sum = message instanceof HttpContent part ? part.content().readableBytes() : 0;
        if (message instanceof HttpRequest head) {
            sum += REQUEST + head.uri().length();
            for (var header : head.headers()) {
                sum += header.getKey().length() + header.getValue().length();
            }
        }
        return sum;
    }

    private boolean mayGo(Object message) {
        return !answering || !(message instanceof HttpRequest);
    }

    private void handOn(ChannelHandlerContext context, Object message) {
        answering |= message instanceof HttpRequest;
        context.fireChannelRead(message);
    }

    /** The next request's turn, or of what is there of it. */
    private void handOnWaiting(ChannelHandlerContext context) {
        if (waitingBytes > MOST_WAITING) {
            // Before anything is handed on: whoever gets it may want to pause.
            context.channel().config().setAutoRead(true);
        }
        while (!waiting.isEmpty() && mayGo(waiting.getFirst())) {
            var message = waiting.removeFirst();
            waitingBytes -= bytes(message);
            handOn(context, message);
        }
        context.fireChannelReadComplete();
    }

    private void drop() {
        waiting.forEach(ReferenceCountUtil::release);
        waiting.clear();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        drop();
        context.fireChannelInactive();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event == ChannelInputShutdownEvent.INSTANCE) {
            shut = true;
            if (open.get() == 0 || !whole) {
                context.close();
            } else if (told != null) {
                told.run();
            }
        }
        context.fireUserEventTriggered(event);
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        if (message instanceof HttpResponse response) {
            last |= response.headers().contains(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE, true);
            dropping |= last && !waiting.isEmpty();
        }
        if (message instanceof LastHttpContent && !isInterim(message)) {
            open.decrementAndGet();
            told = null;
            answering = false;
            if (dropping) {
                drop();
            } else if (!waiting.isEmpty()) {
                context.executor().execute(() -> handOnWaiting(context));
            }
            if (dropping || (shut && open.get() == 0)) {
                context.write(message, promise.unvoid()).addListener(_ -> context.close());
                return;
            }
        }
        context.write(message, promise);
    }

    private static boolean isInterim(Object message) {
        return message instanceof HttpResponse response
                && response.status().codeClass() == HttpStatusClass.INFORMATIONAL;
    }
}
