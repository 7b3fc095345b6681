// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.http;

/**
 * An error in the shape of {@link ErrorShape#SENTENCE}.
 *
 * @param error what went wrong, for the person who asked
 */
public record ErrorBody(String error) {}
