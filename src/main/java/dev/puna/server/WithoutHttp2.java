// SPDX-License-Identifier: Apache-2.0
package dev.puna.server;

import com.oracle.svm.core.annotate.Substitute;
import com.oracle.svm.core.annotate.TargetClass;
import io.netty.channel.ChannelPipeline;
import io.vertx.core.Handler;
import io.vertx.core.http.impl.HttpServerConnection;
import io.vertx.core.http.impl.HttpServerWorker;
import io.vertx.core.impl.ContextInternal;
import io.vertx.core.net.impl.SslChannelProvider;

/**
 * Leaves HTTP/2 out of the native executable, where it is switched off anyway ({@code quarkus.http.http2=false}): native-image cannot
 * see that, and would keep Netty's two hundred classes for it.
 */
// Nothing here is called in Java: native-image puts these methods in the place of Vert.x's.
@SuppressWarnings({"unused", "DoNotCallSuggester"})
@TargetClass(HttpServerWorker.class)
final class WithoutHttp2 {
    @TargetClass(className = "io.vertx.core.http.impl.VertxHttp2ConnectionHandler")
    static final class ConnectionHandler {}

    @Substitute
    ConnectionHandler buildHttp2ConnectionHandler(ContextInternal context, Handler<HttpServerConnection> handler) {
        throw new IllegalStateException("HTTP/2 is switched off");
    }

    @Substitute
    private void configureHttp1OrH2CUpgradeHandler(ChannelPipeline pipeline, SslChannelProvider tls) {
        throw new IllegalStateException("HTTP/2 is switched off");
    }
}
