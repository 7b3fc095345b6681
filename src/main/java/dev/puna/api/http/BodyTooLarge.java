// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.http;

/** The body of a request is longer than is read into memory. */
final class BodyTooLarge extends RuntimeException {
    BodyTooLarge(int largest) {
        super("request body is too large (at most %d MiB)".formatted(largest >> 20));
    }
}
