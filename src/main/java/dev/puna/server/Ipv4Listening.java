// SPDX-License-Identifier: Apache-2.0
package dev.puna.server;

import dev.puna.connection.GuardedServerChannel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.socket.InternetProtocolFamily;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.vertx.core.impl.transports.JDKTransport;

/**
 * Vert.x' usual transport, but servers ask about each connection ({@link GuardedServerChannel}), and the socket of one on an IPv4
 * address is one of IPv4.
 *
 * <p>The JDK would listen with a socket of IPv6 on the address that IPv4's is mapped to, which works, but looks to tools that
 * list sockets as if nobody listened on 127.0.0.1. Vert.x finds the class by {@code META-INF/services}.
 */
@RegisterForReflection
public final class Ipv4Listening extends JDKTransport {
    private static volatile boolean wanted;

    /** Before the server starts: whether it is to listen on an IPv4 address. */
    static void want(boolean ipv4) {
        wanted = ipv4;
    }

    @Override
    public ChannelFactory<? extends ServerChannel> serverChannelFactory(boolean domainSocket) {
        if (domainSocket) {
            return super.serverChannelFactory(true);
        }
        return () -> wanted ? new GuardedServerChannel(InternetProtocolFamily.IPv4) : new GuardedServerChannel();
    }
}
