// SPDX-License-Identifier: Apache-2.0
package dev.puna.server;

import com.oracle.svm.core.annotate.Substitute;
import com.oracle.svm.core.annotate.TargetClass;
import io.vertx.core.http.HttpServerRequest;

/** Leaves what receives classes from a developer's machine out of the native executable, and Java's serialisation with it. */
// Nothing here is called in Java: native-image puts this method in the place of Quarkus'.
@SuppressWarnings({"unused", "DoNotCallSuggester"})
@TargetClass(className = "io.quarkus.vertx.http.runtime.devmode.RemoteSyncHandler")
final class WithoutRemoteDevelopment {
    @Substitute
    public void handle(HttpServerRequest request) {
        throw new IllegalStateException("an executable is not developed");
    }
}
