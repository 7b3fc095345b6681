// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.http;

import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;

/** Ids of requests and answers, which tell them apart and are no secret. Any thread. */
public final class RandomId {
    private static final int BYTES = 12;

    private RandomId() {}

    /**
     * A new one: 24 hexadecimal digits.
     *
     * @param prefix what comes before them
     */
    public static String of(String prefix) {
        var bytes = new byte[BYTES];
        ThreadLocalRandom.current().nextBytes(bytes);
        return prefix + HexFormat.of().formatHex(bytes);
    }
}
