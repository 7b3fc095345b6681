// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.http;

/** A request is longer than is read into memory, or becomes larger there than all requests together may. */
final class BodyTooLarge extends RuntimeException {
    BodyTooLarge(int largest) {
        super("request body is too large (at most %d MiB)".formatted(largest >> 20));
    }

    /**
     * @param needed bytes of memory, as far as is known
     * @param most bytes that there are for requests
     */
    BodyTooLarge(long needed, long most) {
        super(
                ("request is too large: it takes %d MiB of memory or more, and this server has %d MiB for requests; send less at"
                                + " once, or start the server with a larger PUNA_HEAP")
                        .formatted(needed >> 20, most >> 20));
    }
}
