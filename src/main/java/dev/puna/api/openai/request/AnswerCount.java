// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.openai.request;

import dev.puna.api.json.JsonObject;
import dev.puna.failure.InvalidRequest;

/** How many answers a request asks for. */
final class AnswerCount {
    /** As many as OpenAI's API gives to one prompt. */
    private static final int MOST = 128;

    private AnswerCount() {}

    /** The answers to each prompt. */
    static int each(JsonObject json) {
        var wanted = json.integer("n").orElse(1L);
        if (wanted < 1 || wanted > MOST) {
            throw new InvalidRequest("n is %d: it must be between 1 and %d".formatted(wanted, MOST), "n");
        }
        var best = json.integer("best_of").orElse(wanted);
        if (!best.equals(wanted)) {
            throw new InvalidRequest(
                    "best_of is %d: this server gives every answer that it makes; use n".formatted(best), "best_of");
        }
        return wanted.intValue();
    }
}
