// SPDX-License-Identifier: Apache-2.0
package dev.puna.server;

import com.oracle.svm.core.annotate.Substitute;
import com.oracle.svm.core.annotate.TargetClass;
import io.vertx.core.dns.AddressResolverOptions;
import io.vertx.core.impl.VertxInternal;
import io.vertx.core.impl.resolver.DnsResolverProvider;

/**
 * Leaves Netty's resolver of names out of the native executable. Java resolves them: Quarkus switches the other one off
 * ({@code quarkus.vertx.use-async-dns=false}, the default), which native-image cannot see.
 */
// Nothing here is called in Java: native-image puts this method in the place of Vert.x's.
@SuppressWarnings({"unused", "DoNotCallSuggester"})
@TargetClass(DnsResolverProvider.class)
final class WithoutDnsResolver {
    @Substitute
    public static DnsResolverProvider create(VertxInternal vertx, AddressResolverOptions options) {
        throw new IllegalStateException("Java resolves names");
    }
}
