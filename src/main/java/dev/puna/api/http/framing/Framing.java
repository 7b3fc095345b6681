// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.http.framing;

import java.time.Duration;
import java.util.Optional;

/** How the items of an answer become bytes. No state; any thread. */
public interface Framing {

    /** Content type of an answer that is not an error. */
    String contentType();

    /** Whether the answer grows item by item; else it has one item and ends with it. */
    boolean grows();

    /** One item. */
    byte[] item(Object item);

    /** What comes after the last item of an answer that is whole. */
    default byte[] end() {
        return new byte[0];
    }

    /**
     * An error that ends an answer whose status is out.
     *
     * @param body the error in the shape of its API
     * @param afterItems whether items went before it
     * @return nothing if such an answer cannot tell errors any more and has to be cut off
     */
    Optional<byte[]> error(Object body, boolean afterItems);

    /**
     * What says nothing and may go out at any time before the first item, to find out whether the client is there: white space, which
     * JSON may begin with.
     */
    default byte[] nothing() {
        return new byte[] {' '};
    }

    /**
     * After so long without an item, at most twice as long, {@link #nothing()} is said, between items, too, so that neither client nor
     * proxy takes the server for dead. What fails before the first item then no longer decides the status.
     *
     * @return zero where it never is
     */
    default Duration longestSilence() {
        return Duration.ZERO;
    }
}
