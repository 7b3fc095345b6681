// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.http;

/**
 * What every error looks like on the wire.
 *
 * @param error what went wrong, for the person who asked
 */
public record ErrorBody(String error) {}
