// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.openai.wire;

import org.jspecify.annotations.Nullable;

/**
 * An error. Source: contract 1.11.
 *
 * @param error what is wrong
 */
public record ErrorObject(Detail error) {
    private static final String INVALID = "invalid_value";

    /**
     * What is wrong.
     *
     * @param message the sentence
     * @param type what kind of error it is
     * @param param where in the request the mistake is, unless that is not known
     * @param code for programs; none where the sentence is one of Ollama's, which gives none
     */
    public record Detail(
            String message,
            String type,
            @Nullable String param,
            @Nullable String code) {}

    /**
     * The error of a status.
     *
     * @param field where in the request the mistake is, empty if that is not known
     * @param code for programs, empty for the usual one
     */
    public static ErrorObject of(int status, String message, String field, String code) {
        var usual = field.isEmpty() ? null : INVALID;
        return new ErrorObject(
                new Detail(message, type(status), field.isEmpty() ? null : field, code.isEmpty() ? usual : code));
    }

    private static String type(int status) {
        return switch (status) {
            case 400 -> "invalid_request_error";
            case 404 -> "not_found_error";
            default -> "api_error";
        };
    }
}
