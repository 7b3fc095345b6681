// SPDX-License-Identifier: Apache-2.0
package dev.puna.connection;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.SocketChannel;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Looks now and then whether a connection's client does its part, and cuts it off if not: headers that do not end, bodies that come
 * too slowly, answers that are not read, silence between requests. <b>Threads:</b> the connection's event loop; {@link #idleSince}
 * and {@link #cut} any.
 */
@SuppressWarnings("FutureReturnValueIgnored") // A connection that is closed twice is closed.
final class ConnectionGuard extends ChannelDuplexHandler {
    private static final Logger LOG = Logger.getLogger(ConnectionGuard.class);

    /** Not idle. */
    static final long BUSY = Long.MAX_VALUE;

    /** A client that waits for {@code 100 Continue} while its request waits for memory, as long as that may take. */
    private static final long CONTINUE_NANOS = TimeUnit.SECONDS.toNanos(150);

    private static final long NEVER = -1;

    private final SocketChannel channel;
    private final ConnectionLimits limits;
    private final long address;
    private final LongSupplier nanoTime;
    private final Output output = new Output();
    private volatile @Nullable ChannelHandlerContext head;
    private volatile @Nullable HalfClose requests;
    private volatile long quietSince;
    private @Nullable ScheduledFuture<?> checks;
    private long bytes;
    private long served;
    private long headSince = NEVER;
    private long bodySince = NEVER;
    private long bodyBytes;

    ConnectionGuard(SocketChannel channel, long address, ConnectionLimits limits, LongSupplier nanoTime) {
        this.channel = channel;
        this.address = address;
        this.limits = limits;
        this.nanoTime = nanoTime;
        this.quietSince = nanoTime.getAsLong();
    }

    /** The address of the client, as a number. */
    long address() {
        return address;
    }

    /** Since when no request has been under way, {@link #BUSY} if one is. */
    long idleSince() {
        var known = requests;
        return known != null && known.open() > 0 ? BUSY : quietSince;
    }

    /** From now on requests are known by this handler. */
    void serves(HalfClose handler) {
        requests = handler;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        head = context;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        var period = limits.period().toMillis();
        checks = context.executor().scheduleWithFixedDelay(this::check, period, period, TimeUnit.MILLISECONDS);
        context.fireChannelActive();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        if (checks != null) {
            checks.cancel(false);
        }
        context.fireChannelInactive();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof ByteBuf buffer) {
            bytes += buffer.readableBytes();
        }
        if (headSince == NEVER) {
            headSince = nanoTime.getAsLong();
        }
        context.fireChannelRead(message);
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        context.write(message, promise.unvoid()).addListener(_ -> output.sentOne());
    }

    private void check() {
        var now = nanoTime.getAsLong();
        var known = requests;
        if (known == null || known.open() == 0) {
            checkBetweenRequests(known, now);
        } else {
            headSince = NEVER;
            quietSince = now;
            checkBody(known, now);
        }
        if (output.stalledSince(channel.unsafe().outboundBuffer(), now)
                < now - limits.stall().toNanos()) {
            cut("its client does not read");
        }
    }

    private void checkBetweenRequests(@Nullable HalfClose known, long now) {
        bodySince = NEVER;
        if (known != null && known.requests() != served) {
            served = known.requests();
            quietSince = now;
            headSince = NEVER;
        }
        var first = served == 0;
        if (headSince != NEVER && now - headSince > limits.head().toNanos()) {
            cut("its headers do not end");
        } else if (now - quietSince > (first ? limits.head() : limits.idle()).toNanos()) {
            cut(first ? "it asks for nothing" : "it was idle");
        }
    }

    private void checkBody(HalfClose known, long now) {
        if (known.whole() || !channel.config().isAutoRead() || bodySince == NEVER) {
            bodySince = now;
            bodyBytes = bytes;
            return;
        }
        var waits = known.awaitsContinue() && bytes == bodyBytes;
        if (now - bodySince > (waits ? CONTINUE_NANOS : limits.pace().toNanos())) {
            if (bytes - bodyBytes < ConnectionLimits.LEAST_BYTES) {
                cut("its body does not come");
            }
            bodySince = now;
            bodyBytes = bytes;
        }
    }

    /** Ends the connection at once; what was not sent yet is forgotten. */
    void cut(String reason) {
        LOG.debugf("connection.cut client=%s reason=\"%s\"", channel.remoteAddress(), reason);
        channel.config().setSoLinger(0);
        var known = head;
        if (known == null) {
            channel.close();
        } else {
            // From here, since Vert.x' handler would wait until all has been sent.
            known.close();
        }
    }
}
