// SPDX-License-Identifier: Apache-2.0
package dev.puna.connection;

import io.netty.channel.socket.InternetProtocolFamily;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.nio.channels.spi.SelectorProvider;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A socket that listens, and asks {@link Connections} about each connection before anything is spent on it. */
public final class GuardedServerChannel extends NioServerSocketChannel {

    /** Of the usual family, which takes IPv4 and IPv6. */
    public GuardedServerChannel() {
        this(null);
    }

    /** Of one family, or with null of the usual one. */
    public GuardedServerChannel(@Nullable InternetProtocolFamily family) {
        super(SelectorProvider.provider(), family);
    }

    @Override
    protected int doReadMessages(List<Object> accepted) throws Exception {
        var count = super.doReadMessages(accepted);
        if (count > 0
                && accepted.getLast() instanceof SocketChannel channel
                && !Connections.current().admit(channel)) {
            accepted.removeLast();
            channel.unsafe().closeForcibly();
            return 0;
        }
        return count;
    }
}
