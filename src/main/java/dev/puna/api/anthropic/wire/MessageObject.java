// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.anthropic.wire;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An answer of {@code /v1/messages}, or the beginning of one. Source: contract 1.12.
 *
 * @param id the answer's own
 * @param type {@code message}
 * @param role {@code assistant}
 * @param model the model's name as the client sent it
 * @param content the blocks; none at the beginning
 * @param stopReason why it ended; none at the beginning
 * @param stopSequence the client's stop sequence that ended it, if one did
 * @param usage what it took
 */
public record MessageObject(
        String id,
        String type,
        String role,
        String model,
        List<BlockObject> content,
        @JsonInclude(Include.NON_NULL) @Nullable String stopReason,
        @JsonInclude(Include.NON_NULL) @Nullable String stopSequence,
        UsageObject usage) {

    public MessageObject {
        content = List.copyOf(content);
    }
}
