// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.openai.responses;

import static java.util.Objects.requireNonNull;

import dev.puna.api.http.framing.ServerSentEvent;
import dev.puna.api.openai.responses.wire.CompactionObject;
import dev.puna.api.openai.responses.wire.OutputItem;
import dev.puna.api.openai.responses.wire.ResponseObject;
import java.time.Instant;
import java.util.List;

/**
 * What stands for the items of an input.
 *
 * @param item that
 * @param usage what it took
 */
record Compacted(OutputItem item, ResponseObject.Usage usage) {
    Compacted {
        requireNonNull(item, "item is null");
        requireNonNull(usage, "usage is null");
    }

    /** As an answer by itself. */
    CompactionObject object(Instant createdAt) {
        return CompactionObject.of(ItemIds.of("resp_compact"), createdAt.getEpochSecond(), item, usage);
    }

    /** As the events of an answer. */
    List<ServerSentEvent> events(ResponseState state) {
        var events = new EventList();
        var begun = state.begun();
        events.state("response.created", begun);
        events.state("response.in_progress", begun);
        events.added(0, item);
        events.done(0, item);
        events.state("response.completed", state.completed(List.of(item), usage));
        return events.taken();
    }
}
