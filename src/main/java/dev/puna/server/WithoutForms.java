// SPDX-License-Identifier: Apache-2.0
package dev.puna.server;

import com.oracle.svm.core.annotate.Substitute;
import com.oracle.svm.core.annotate.TargetClass;
import io.vertx.core.http.HttpServerRequest;

/** Leaves the reading of HTML forms out of the native executable: no route takes any. */
// Nothing here is called in Java: native-image puts this method in the place of Vert.x's.
@SuppressWarnings("unused")
@TargetClass(className = "io.vertx.core.http.impl.Http1xServerRequest")
final class WithoutForms {
    @Substitute
    public HttpServerRequest setExpectMultipart(boolean expect) {
        if (expect) {
            throw new IllegalStateException("forms are not read");
        }
        return (HttpServerRequest) (Object) this;
    }
}
