// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.openai.responses.wire;

import java.util.List;

/**
 * The answer of {@code /v1/responses/compact}. Source: addendum 4.2.
 *
 * @param id the answer's own
 * @param object {@code response.compaction}
 * @param createdAt when the request came, in seconds of Unix time
 * @param output the one item that stands for the input
 * @param usage what it took
 */
public record CompactionObject(
        String id, String object, long createdAt, List<OutputItem> output, ResponseObject.Usage usage) {
    public CompactionObject {
        output = List.copyOf(output);
    }

    /** That of an item. */
    public static CompactionObject of(String id, long createdAt, OutputItem item, ResponseObject.Usage usage) {
        return new CompactionObject(id, "response.compaction", createdAt, List.of(item), usage);
    }
}
