// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.openai.responses.request;

import dev.puna.api.json.JsonObject;
import dev.puna.failure.InvalidRequest;

/** What needs a server that keeps answers, which this one does not: refused, since it would be answered wrongly. */
final class Unsupported {
    private Unsupported() {}

    static void refuse(JsonObject json) {
        if (!json.string("previous_response_id").isEmpty()) {
            throw new InvalidRequest(
                    "previous_response_id is not supported, since answers are not kept; send the whole conversation as input",
                    "previous_response_id");
        }
        refuse(json, "conversation", "since conversations are not kept; send the whole conversation as input");
        refuse(json, "prompt", "since there are no stored prompts; send instructions and input");
        if (json.bool("background", false)) {
            throw new InvalidRequest(
                    "background is not supported, since answers are not kept; leave it out, or use stream",
                    "background");
        }
    }

    private static void refuse(JsonObject json, String field, String reason) {
        if (json.field(field).isPresent()) {
            throw new InvalidRequest("%s is not supported, %s".formatted(field, reason), field);
        }
    }
}
