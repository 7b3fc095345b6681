// SPDX-License-Identifier: Apache-2.0
package dev.puna.connection;

import io.netty.channel.ChannelOutboundBuffer;
import org.jspecify.annotations.Nullable;

/** Whether what is to be sent goes out. <b>Threads:</b> the connection's event loop. */
final class Output {
    private int first;
    private long progress;
    private long pending;
    private long since = Long.MAX_VALUE;

    /** Since when nothing of what waits has gone out, as far as these looks can tell; {@code Long.MAX_VALUE} if nothing waits. */
    long stalledSince(@Nullable ChannelOutboundBuffer buffer, long now) {
        if (buffer == null || buffer.totalPendingWriteBytes() == 0) {
            since = Long.MAX_VALUE;
            return since;
        }
        var newFirst = System.identityHashCode(buffer.current());
        var newProgress = buffer.currentProgress();
        // More that waits behind it is no progress.
        var moved = newFirst != first || newProgress != progress || buffer.totalPendingWriteBytes() < pending;
        first = newFirst;
        progress = newProgress;
        pending = buffer.totalPendingWriteBytes();
        if (moved || since == Long.MAX_VALUE) {
            since = now;
        }
        return since;
    }
}
