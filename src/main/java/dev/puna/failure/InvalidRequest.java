// SPDX-License-Identifier: Apache-2.0
package dev.puna.failure;

import static java.util.Objects.requireNonNull;

/** What was asked makes no sense or is not allowed: the asker must change it. */
public final class InvalidRequest extends Failure {
    private final String field;
    private final String code;

    public InvalidRequest(String message) {
        this(message, "");
    }

    /**
     * Says where the mistake is, too, for those APIs that tell it apart from the sentence.
     *
     * @param field of the request, {@code messages[0].content}
     */
    public InvalidRequest(String message, String field) {
        this(message, field, "");
    }

    /**
     * Says for programs what kind of mistake it is, too.
     *
     * @param field of the request, {@code messages[0].content}
     * @param code empty for the usual one of the API
     */
    public InvalidRequest(String message, String field, String code) {
        super(message, null);
        this.field = requireNonNull(field, "field is null");
        this.code = requireNonNull(code, "code is null");
    }

    /** Where in the request the mistake is; empty if that is not known. */
    public String field() {
        return field;
    }

    /** What kind of mistake it is, for programs; empty for the usual code of the API. */
    public String code() {
        return code;
    }
}
