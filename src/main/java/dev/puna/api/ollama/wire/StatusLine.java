// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.ollama.wire;

import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * One line of a job that reports its progress. Source: contract 3.2 and 4.
 *
 * @param status what is being done
 * @param digest the blob it is done to; empty if none
 * @param total bytes to do, 0 if that is not counted
 * @param completed bytes done
 */
public record StatusLine(
        String status,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) String digest,
        @JsonInclude(JsonInclude.Include.NON_DEFAULT) long total,
        @JsonInclude(JsonInclude.Include.NON_DEFAULT) long completed) {

    /** A line that is only words. */
    public static StatusLine of(String status) {
        return new StatusLine(status, "", 0, 0);
    }
}
