// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.anthropic.wire;

/**
 * An error, as a body or as the last event of a stream. Source: contract 1.12.
 *
 * @param type {@code error}
 * @param error what is wrong
 * @param requestId the id that the answer's header tells, too
 */
public record ErrorObject(String type, Detail error, String requestId) {

    /**
     * What is wrong.
     *
     * @param type what kind of error it is
     * @param message the sentence
     */
    public record Detail(String type, String message) {}

    /** The error of a status. */
    public static ErrorObject of(int status, String message, String requestId) {
        return new ErrorObject("error", new Detail(type(status), message), requestId);
    }

    private static String type(int status) {
        return switch (status) {
            case 400 -> "invalid_request_error";
            case 401 -> "authentication_error";
            case 403 -> "permission_error";
            case 404 -> "not_found_error";
            case 413 -> "request_too_large";
            case 429 -> "rate_limit_error";
            case 503, 529 -> "overloaded_error";
            default -> "api_error";
        };
    }
}
