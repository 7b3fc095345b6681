// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.anthropic.request;

import dev.puna.failure.InvalidRequest;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** The calls of a conversation, and which of them wait for their results. <b>Threads:</b> one; for one conversation. */
final class OpenCalls {
    /** Names of the tools, by the ids of their calls. */
    private final Map<String, String> names = new HashMap<>();

    private final Set<String> waiting = new LinkedHashSet<>();

    /** A call of which the client is to give the result. */
    void add(String id, String name) {
        names.put(id, name);
        waiting.add(id);
    }

    /** A call of which the server that ran it gave the result, if there was one. */
    void addRunElsewhere(String id, String name) {
        names.put(id, name);
    }

    /**
     * The name of the tool that has a result.
     *
     * @param field where the result stands
     */
    String result(String id, String field) {
        var name = names.get(id);
        if (name == null) {
            throw new InvalidRequest(
                    "there is no tool_use with the id \"%s\" in an earlier message".formatted(id),
                    field + ".tool_use_id");
        }
        waiting.remove(id);
        return name;
    }

    /**
     * Refuses to go on while calls have no results.
     *
     * @param field where that is noticed
     */
    void requireNone(String field) {
        if (!waiting.isEmpty()) {
            throw new InvalidRequest(
                    "the tool_use with the id \"%s\" has no tool_result in the message after it"
                            .formatted(waiting.iterator().next()),
                    field);
        }
    }
}
