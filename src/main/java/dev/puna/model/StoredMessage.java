// SPDX-License-Identifier: Apache-2.0
package dev.puna.model;

import static java.util.Objects.requireNonNull;

/**
 * One turn of the conversation that a model starts every chat with. Source: contract 3.1 and 3.3.
 *
 * @param role who speaks; the recordings show that create takes any word
 * @param content what is said
 */
public record StoredMessage(String role, String content) {
    /** Refuses null. */
    public StoredMessage {
        requireNonNull(role, "role is null");
        requireNonNull(content, "content is null");
    }
}
