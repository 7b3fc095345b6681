// SPDX-License-Identifier: Apache-2.0
package dev.puna.server;

import com.oracle.svm.core.annotate.Substitute;
import com.oracle.svm.core.annotate.TargetClass;
import io.netty.channel.Channel;
import io.vertx.core.AsyncResult;
import io.vertx.core.Handler;
import io.vertx.core.http.impl.HttpChannelConnector;
import io.vertx.core.http.impl.HttpClientConnection;
import io.vertx.core.http.impl.HttpClientStream;
import io.vertx.core.impl.ContextInternal;
import io.vertx.core.impl.future.PromiseInternal;

/** What {@link WithoutHttp2} does for the server, for the client of registries, which speaks HTTP/1.1 only: 1 MB less. */
// Nothing here is called in Java: native-image puts these methods in the place of Vert.x's.
@SuppressWarnings({"unused", "DoNotCallSuggester"})
@TargetClass(HttpChannelConnector.class)
final class WithoutHttp2Client {
    @Substitute
    private void http2Connected(
            ContextInternal context, Object metric, Channel channel, PromiseInternal<HttpClientConnection> promise) {
        throw new IllegalStateException("HTTP/2 is switched off");
    }

    @SuppressWarnings("DoNotCallSuggester")
    @TargetClass(className = "io.vertx.core.http.impl.Http2UpgradeClientConnection")
    static final class Upgrade {
        @Substitute
        public void createStream(ContextInternal context, Handler<AsyncResult<HttpClientStream>> handler) {
            throw new IllegalStateException("HTTP/2 is switched off");
        }
    }
}
