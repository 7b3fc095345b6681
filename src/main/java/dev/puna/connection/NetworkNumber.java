// SPDX-License-Identifier: Apache-2.0
package dev.puna.connection;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;

/** Clients' addresses as numbers by which they are told apart. */
public final class NetworkNumber {
    /** This machine. */
    public static final long LOOPBACK = 0;

    private static final long IPV4 = 1L << 32;
    private static final long BITS = 0xFFFF_FFFFL;

    private NetworkNumber() {}

    /** Of IPv4 the whole address; of IPv6 the first half, since a household has all of the second. */
    public static long of(InetAddress address) {
        if (address.isLoopbackAddress()) {
            return LOOPBACK;
        }
        var bytes = ByteBuffer.wrap(address.getAddress());
        return address instanceof Inet6Address ? bytes.getLong() : (bytes.getInt() & BITS) | IPV4;
    }
}
