// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.http.framing;

import static java.util.Objects.requireNonNull;

/**
 * An item of {@link ServerSentEvents} that has a name. Others have none.
 *
 * @param name one line, which clients listen for
 * @param data the record that is its JSON
 */
public record ServerSentEvent(String name, Object data) {
    public ServerSentEvent {
        requireNonNull(data, "data is null");
        if (name.isEmpty() || name.indexOf('\n') >= 0 || name.indexOf('\r') >= 0) {
            throw new IllegalArgumentException("the name of an event is one line: " + name);
        }
    }
}
