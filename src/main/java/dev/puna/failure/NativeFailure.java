// SPDX-License-Identifier: Apache-2.0
package dev.puna.failure;

/**
 * The native library refused or failed: the message says what was tried, on what, what came back and what to do.
 */
public final class NativeFailure extends Failure {
    public NativeFailure(String message) {
        super(message, null);
    }

    public NativeFailure(String message, Throwable cause) {
        super(message, cause);
    }

    /**
     * A failure of one native call.
     *
     * @param tried what was tried, as a verb phrase ("load model")
     * @param subject on what (a file, a model name)
     * @param reason what came back, in the library's own words where it has any
     * @param advice what to do about it, or empty
     */
    public static NativeFailure of(String tried, String subject, String reason, String advice) {
        var sentence = "cannot " + tried + " " + subject + ": " + reason;
        return new NativeFailure(advice.isEmpty() ? sentence : sentence + "; " + advice);
    }
}
