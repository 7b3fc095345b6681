// SPDX-License-Identifier: Apache-2.0
package dev.puna.registry.http;

import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.IdentityCipherSuiteFilter;
import io.netty.handler.ssl.JdkSslContext;
import io.vertx.core.net.SSLEngineOptions;
import io.vertx.core.spi.tls.SslContextFactory;
import javax.net.ssl.SSLContext;

/** Lets Vert.x make its connections by a {@link SSLContext} that is there already. */
final class GivenTls extends SSLEngineOptions {
    private final SSLContext context;

    GivenTls(SSLContext context) {
        this.context = context;
    }

    @Override
    public SSLEngineOptions copy() {
        return new GivenTls(context);
    }

    @Override
    public SslContextFactory sslContextFactory() {
        return () -> new JdkSslContext(
                context,
                true,
                null,
                IdentityCipherSuiteFilter.INSTANCE,
                ApplicationProtocolConfig.DISABLED,
                ClientAuth.NONE,
                null,
                false);
    }
}
