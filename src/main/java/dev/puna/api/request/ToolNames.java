// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.request;

import dev.puna.failure.InvalidRequest;
import dev.puna.go.GoQuote;
import java.util.HashSet;
import java.util.Set;

/** The names of the tools of one request, by which a model calls them: each has one of its own. <b>Threads:</b> one. */
public final class ToolNames {
    private final Set<String> names = new HashSet<>();

    /**
     * Takes note of a name; refuses one that is there already, and one that cannot be written between the tags of a call.
     *
     * @param field where it stands in the request
     */
    public void add(String name, String field) {
        if (name.isEmpty() || name.chars().anyMatch(c -> c <= ' ')) {
            throw new InvalidRequest(
                    "the name of a tool must not be empty or have spaces: " + GoQuote.quoted(name), field);
        }
        if (!names.add(name)) {
            throw new InvalidRequest("there are two tools of the name " + GoQuote.quoted(name), field);
        }
    }
}
