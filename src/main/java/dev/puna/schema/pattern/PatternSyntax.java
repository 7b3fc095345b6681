// SPDX-License-Identifier: Apache-2.0
package dev.puna.schema.pattern;

/** Why an expression cannot be used; the caller knows the place and the words of the user. */
public final class PatternSyntax extends Exception {
    private static final long serialVersionUID = 1;

    private final String reason;
    private final boolean contradiction;

    PatternSyntax(String reason) {
        this(reason, false);
    }

    private PatternSyntax(String reason, boolean contradiction) {
        super(reason);
        this.reason = reason;
        this.contradiction = contradiction;
    }

    /** What is wrong in every dialect, not just unknown here. */
    static PatternSyntax contradiction(String reason) {
        return new PatternSyntax(reason, true);
    }

    public String reason() {
        return reason;
    }

    public boolean isContradiction() {
        return contradiction;
    }
}
