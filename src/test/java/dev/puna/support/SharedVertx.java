// SPDX-License-Identifier: Apache-2.0
package dev.puna.support;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;

/** A Vert.x for tests that have no Quarkus, made once; its threads end with the process. */
public final class SharedVertx {
    private SharedVertx() {}

    private static final class Made {
        private static final Vertx VERTX = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(2));
    }

    public static Vertx get() {
        return Made.VERTX;
    }
}
