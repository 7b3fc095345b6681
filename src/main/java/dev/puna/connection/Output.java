// SPDX-License-Identifier: Apache-2.0
package dev.puna.connection;

import io.netty.channel.ChannelOutboundBuffer;
import org.jspecify.annotations.Nullable;

/** Whether what is to be sent goes out. <b>Threads:</b> the connection's event loop. */
final class Output {
    private long sent;
    private long seen;
    private long progress;
    private long since = Long.MAX_VALUE;

    /** A message has gone out, or never will. */
    void sentOne() {
        sent++;
    }

    /** Since when nothing of what waits has gone out, as far as these looks can tell; {@code Long.MAX_VALUE} if nothing waits. */
    long stalledSince(@Nullable ChannelOutboundBuffer buffer, long now) {
        if (buffer == null || buffer.totalPendingWriteBytes() == 0) {
            since = Long.MAX_VALUE;
            return since;
        }
        var newProgress = buffer.currentProgress();
        var moved = sent != seen || newProgress != progress;
        seen = sent;
        progress = newProgress;
        if (moved || since == Long.MAX_VALUE) {
            since = now;
        }
        return since;
    }
}
