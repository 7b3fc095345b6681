// SPDX-License-Identifier: Apache-2.0
package dev.puna.registry;

import java.util.concurrent.CompletableFuture;

/** One blob on its way, in either direction. What was moved stays when it fails or is cancelled. <b>Threads:</b> any. */
interface Transfer {
    /** Begins; {@code ended} is called once, before {@link #done} completes. */
    void start(Runnable ended);

    /** Completes when the blob is there, or fails with a {@link dev.puna.failure.Failure}. */
    CompletableFuture<Boolean> done();

    /** Bytes that were moved, this time and earlier. */
    long completed();

    /** Nobody wants it any more. */
    void cancel();
}
