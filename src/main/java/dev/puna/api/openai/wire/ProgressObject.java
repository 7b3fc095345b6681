// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.openai.wire;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * How much of a prompt has been read, as llama-server tells it.
 *
 * @param total tokens of the prompt
 * @param cache those that were found in the cache
 * @param processed those read so far, cached ones among them
 * @param timeMs milliseconds since reading began
 */
public record ProgressObject(
        int total,
        int cache,
        int processed,
        @JsonProperty("time_ms") long timeMs) {}
