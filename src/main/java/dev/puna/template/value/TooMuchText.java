// SPDX-License-Identifier: Apache-2.0
package dev.puna.template.value;

/** A text grew over its limit while it was made. No stack trace: it is an outcome, not a defect. */
public final class TooMuchText extends RuntimeException {
    TooMuchText() {
        super("text grows over its limit", null, false, false);
    }
}
