// SPDX-License-Identifier: Apache-2.0
package dev.puna.process;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * What one {@code sendmsg(2)} is to send: bytes of arrays, copied one behind the other, and native memory where it lies. One thread at
 * a time; the native memory goes with this object.
 */
final class OutgoingParts {
    private static final int COPIED_AT_MOST = 64 * 1024;

    /** Of {@code struct iovec}: an address and a length. */
    private static final int PARTS_AT_MOST = 64;

    /** Smaller ones are cheaper to copy than to look up. */
    private static final int WORTH_A_PART = 4 * 1024;

    private final MemorySegment vectors = Arena.ofAuto().allocate(ADDRESS, 2L * PARTS_AT_MOST);
    private final MemorySegment copies = Arena.ofAuto().allocate(COPIED_AT_MOST);
    private final ByteBuffer[] borrowed = new ByteBuffer[PARTS_AT_MOST];
    private int count;
    private int copied;
    private int lastCopyFrom = -1;

    boolean isEmpty() {
        return count == 0;
    }

    boolean isFull() {
        return count == PARTS_AT_MOST || copied == COPIED_AT_MOST;
    }

    /** Takes in as much as there is room for, and moves the buffer's position behind it. Not when it is full. */
    void take(ByteBuffer part) {
        if (part.isDirect() && part.remaining() >= WORTH_A_PART) {
            borrowed[count] = part;
            add(MemorySegment.ofBuffer(part), part.remaining());
            lastCopyFrom = -1;
            part.position(part.limit());
            return;
        }
        var length = Math.min(part.remaining(), COPIED_AT_MOST - copied);
        var slice = part.slice(part.position(), length);
        MemorySegment.copy(MemorySegment.ofBuffer(slice), JAVA_BYTE, 0, copies, JAVA_BYTE, copied, length);
        if (lastCopyFrom < 0) {
            lastCopyFrom = copied;
            add(copies.asSlice(copied), length);
        } else {
            vectors.setAtIndex(JAVA_LONG, 2L * count - 1, copied + length - lastCopyFrom);
        }
        copied += length;
        part.position(part.position() + length);
    }

    private void add(MemorySegment bytes, long length) {
        vectors.setAtIndex(ADDRESS, 2L * count, bytes);
        vectors.setAtIndex(JAVA_LONG, 2L * count + 1, length);
        count++;
    }

    MemorySegment vectors() {
        return vectors;
    }

    int count() {
        return count;
    }

    /** Empty again; the buffers of others are let go. */
    void clear() {
        Arrays.fill(borrowed, 0, count, null);
        count = 0;
        copied = 0;
        lastCopyFrom = -1;
    }
}
