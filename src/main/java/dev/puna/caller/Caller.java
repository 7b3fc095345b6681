// SPDX-License-Identifier: Apache-2.0
package dev.puna.caller;

import org.jspecify.annotations.Nullable;

/**
 * Who asks, in three parts, each inside the one before: turns go round the addresses, within an address round the keys, within a key
 * round the connections. Keys are not checked, so whoever makes up new ones only shares the turn of the own address with itself.
 *
 * @param address where the request comes from
 * @param key a hash of the key that was sent, else of the program's name; never the key
 * @param connection the connection it came on
 */
public record Caller(long address, long key, long connection) {
    /** For work that no request asks for. */
    public static final Caller NOBODY = new Caller(0, 0, 0);

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Caller that
                && address == that.address
                && key == that.key
                && connection == that.connection;
    }
}
