// SPDX-License-Identifier: Apache-2.0
package dev.puna.template.value;

/** A function of a template that failed, in Go's words; the executor says where. No stack trace: it is an outcome, not a defect. */
public final class GoPanic extends RuntimeException {
    public GoPanic(String message) {
        super(message, null, false, false);
    }

    /** Go's words. */
    public String text() {
        return String.valueOf(getMessage());
    }
}
