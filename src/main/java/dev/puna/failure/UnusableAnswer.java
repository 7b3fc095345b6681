// SPDX-License-Identifier: Apache-2.0
package dev.puna.failure;

import static java.util.Objects.requireNonNull;

/** A model did not answer in the form that was needed to go on. */
public final class UnusableAnswer extends Failure {
    private final String code;

    /**
     * Says what was needed.
     *
     * @param code the same for programs
     */
    public UnusableAnswer(String message, String code) {
        super(message, null);
        this.code = requireNonNull(code, "code is null");
    }

    /** What went wrong, for programs. */
    public String code() {
        return code;
    }
}
