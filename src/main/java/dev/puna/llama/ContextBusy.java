// SPDX-License-Identifier: Apache-2.0
package dev.puna.llama;

/** A context was to be used or closed while a call of it was under way; nothing happened to it. */
public final class ContextBusy extends IllegalStateException {
    ContextBusy(String message) {
        super(message);
    }
}
