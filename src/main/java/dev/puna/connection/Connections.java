// SPDX-License-Identifier: Apache-2.0
package dev.puna.connection;

import io.netty.channel.socket.SocketChannel;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The connections of this process' server. Where there are as many as may be, the one that has been idle for longest of the address
 * that has most makes way for the next; where none is idle the next is closed at once. So neither a client that opens connections
 * without end nor many that do keep others out. Behind a proxy on this machine all come from loopback, which has no limit of
 * its own. <b>Threads:</b> any.
 */
public final class Connections {
    private static final Logger LOG = Logger.getLogger(Connections.class);

    /** Vert.x makes the transport itself, so that there is no other way to hand it over. */
    private static volatile Connections current = new Connections(ConnectionLimits.NONE, System::nanoTime);

    private final ConnectionLimits limits;
    private final LongSupplier nanoTime;
    private final Set<ConnectionGuard> open = new HashSet<>();
    private final Map<Long, Integer> byAddress = new HashMap<>();
    private boolean full;

    Connections(ConnectionLimits limits, LongSupplier nanoTime) {
        this.limits = limits;
        this.nanoTime = nanoTime;
    }

    /** Sets the limits of connections that come from now on. */
    public static void limit(ConnectionLimits limits) {
        current = new Connections(limits, System::nanoTime);
    }

    static Connections current() {
        return current;
    }

    /** Whether a connection may stay; if so it is watched from now on. Before the channel is registered. */
    boolean admit(SocketChannel channel) {
        var guard = new ConnectionGuard(channel, address(channel.remoteAddress()), limits, nanoTime);
        Optional<ConnectionGuard> victim;
        synchronized (this) {
            var whole = limits.most() > 0 && open.size() >= limits.most();
            var own = limits.most() > 0
                    && guard.address() != NetworkNumber.LOOPBACK
                    && byAddress.getOrDefault(guard.address(), 0) >= limits.mostOfOne();
            tell(whole);
            victim = whole || own ? victim(own ? Optional.of(guard.address()) : Optional.empty()) : Optional.empty();
            if ((whole || own) && victim.isEmpty()) {
                return false;
            }
            victim.ifPresent(this::remove);
            open.add(guard);
            byAddress.merge(guard.address(), 1, Integer::sum);
        }
        victim.ifPresent(idle -> idle.cut("another needs its place"));
        channel.closeFuture().addListener(_ -> leave(guard));
        channel.pipeline().addFirst(guard);
        return true;
    }

    private synchronized void leave(ConnectionGuard guard) {
        remove(guard);
    }

    private void remove(ConnectionGuard guard) {
        if (open.remove(guard)) {
            byAddress.computeIfPresent(guard.address(), (_, count) -> count == 1 ? null : count - 1);
        }
    }

    /** Said once each time that it comes to this. */
    private void tell(boolean whole) {
        if (whole && !full) {
            LOG.warnf(
                    "connections.full most=%d effect=\"idle ones are closed for new ones\" remedy=\"%s\"",
                    limits.most(), "set PUNA_MAX_CONNECTIONS if so many are right");
        }
        full = whole;
    }

    private Optional<ConnectionGuard> victim(Optional<Long> address) {
        var best = Optional.<ConnectionGuard>empty();
        var most = 0;
        var since = ConnectionGuard.BUSY;
        for (var guard : open) {
            var idle = guard.idleSince();
            if (idle == ConnectionGuard.BUSY
                    || address.filter(only -> only != guard.address()).isPresent()) {
                continue;
            }
            var count = byAddress.getOrDefault(guard.address(), 0);
            if (best.isEmpty() || count > most || (count == most && idle < since)) {
                best = Optional.of(guard);
                most = count;
                since = idle;
            }
        }
        return best;
    }

    /** How many there are. */
    synchronized int size() {
        return open.size();
    }

    private static long address(@Nullable InetSocketAddress remote) {
        return remote == null || remote.getAddress() == null
                ? NetworkNumber.LOOPBACK
                : NetworkNumber.of(remote.getAddress());
    }
}
