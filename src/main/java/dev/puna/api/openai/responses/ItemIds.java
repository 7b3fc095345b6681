// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.openai.responses;

import java.util.concurrent.ThreadLocalRandom;

/** Ids of answers and their items. Any thread. */
final class ItemIds {
    /** So many that no conversation has two that are the same. */
    private static final long IDS = 1_000_000_000_000_000L;

    private ItemIds() {}

    /** A new id. */
    static String of(String kind) {
        return kind + "_" + ThreadLocalRandom.current().nextLong(IDS);
    }
}
