// SPDX-License-Identifier: Apache-2.0
package dev.puna.server;

import com.oracle.svm.core.annotate.Substitute;
import com.oracle.svm.core.annotate.TargetClass;
import io.netty.channel.ChannelHandlerContext;

/** Leaves proxies of the kind SOCKS out of the native executable: those that the environment names are asked by HTTP. */
// Nothing here is called in Java: native-image puts these methods in the place of Netty's.
@SuppressWarnings({"unused", "DoNotCallSuggester"})
@TargetClass(className = "io.netty.handler.proxy.Socks5ProxyHandler")
final class WithoutSocks {
    @Substitute
    void addCodec(ChannelHandlerContext context) {
        throw new IllegalStateException("proxies of the kind SOCKS are not used");
    }

    @Substitute
    Object newInitialMessage(ChannelHandlerContext context) {
        throw new IllegalStateException("proxies of the kind SOCKS are not used");
    }

    @Substitute
    boolean handleResponse(ChannelHandlerContext context, Object response) {
        throw new IllegalStateException("proxies of the kind SOCKS are not used");
    }

    @SuppressWarnings("DoNotCallSuggester")
    @TargetClass(className = "io.netty.handler.proxy.Socks4ProxyHandler")
    static final class Older {
        @Substitute
        void addCodec(ChannelHandlerContext context) {
            throw new IllegalStateException("proxies of the kind SOCKS are not used");
        }

        @Substitute
        Object newInitialMessage(ChannelHandlerContext context) {
            throw new IllegalStateException("proxies of the kind SOCKS are not used");
        }

        @Substitute
        boolean handleResponse(ChannelHandlerContext context, Object response) {
            throw new IllegalStateException("proxies of the kind SOCKS are not used");
        }
    }
}
