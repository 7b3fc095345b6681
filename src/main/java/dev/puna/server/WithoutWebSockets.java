// SPDX-License-Identifier: Apache-2.0
package dev.puna.server;

import com.oracle.svm.core.annotate.Substitute;
import com.oracle.svm.core.annotate.TargetClass;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.impl.future.PromiseInternal;

/** Leaves web sockets out of the native executable: no route is one. */
// Nothing here is called in Java: native-image puts this method in the place of Vert.x's.
@SuppressWarnings("unused")
@TargetClass(className = "io.vertx.core.http.impl.Http1xServerConnection")
final class WithoutWebSockets {
    @TargetClass(className = "io.vertx.core.http.impl.Http1xServerRequest")
    static final class Request {}

    @Substitute
    void createWebSocket(Request request, PromiseInternal<ServerWebSocket> promise) {
        promise.fail("web sockets are not served");
    }
}
