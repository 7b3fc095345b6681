// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.openai.request;

import dev.puna.api.json.JsonObject;

/**
 * How an answer comes.
 *
 * @param stream whether piece by piece
 * @param usage whether the last piece of a stream tells what the answer took
 */
public record Delivery(boolean stream, boolean usage) {

    static Delivery read(JsonObject json) {
        var usage = json.field("stream_options")
                .map(options -> options.object("openai.StreamOptions").bool("include_usage", false))
                .orElse(false);
        return new Delivery(json.bool("stream", false), usage);
    }
}
