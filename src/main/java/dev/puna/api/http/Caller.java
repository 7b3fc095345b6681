// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.http;

import static java.util.Objects.requireNonNull;

import java.security.Principal;

/**
 * Who makes a request, as far as a gate has found out.
 *
 * @param name for logs and limits
 */
record Caller(String name) implements Principal {
    /** Whoever can reach the server. */
    static final Caller ANONYMOUS = new Caller("anonymous");

    Caller {
        requireNonNull(name, "name is null");
    }

    @Override
    public String getName() {
        return name;
    }
}
