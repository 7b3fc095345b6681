// SPDX-License-Identifier: Apache-2.0
package dev.puna.registry;

import java.io.IOException;
import java.net.URI;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * How far one upload is, which a later push of the same blob to the same repository goes on from. <b>Threads:</b> any, but one upload
 * has it at a time.
 */
final class UploadState {
    private final long length;
    private final long partLength;
    private final Set<Integer> done = new HashSet<>();
    private final Set<Integer> underWay = new HashSet<>();
    private final Map<Integer, byte[]> sums = new HashMap<>();
    private URI location;
    /** Bytes from the beginning that the registry itself has taken. */
    private long inOrder;

    private boolean redirected;

    /** Bytes of a blob from one position up to before another. */
    record Range(int part, long from, long to) {
        long length() {
            return to - from;
        }
    }

    /**
     * @param location where the registry wants the next bytes
     * @param length of the blob
     * @param partLength of each part but the last
     */
    UploadState(URI location, long length, long partLength) {
        this.location = location;
        this.length = length;
        this.partLength = partLength;
    }

    synchronized URI location() {
        return location;
    }

    synchronized void moveTo(URI next) {
        location = next;
    }

    int parts() {
        return Math.toIntExact((length + partLength - 1) / partLength);
    }

    /** All of a part. */
    Range whole(int part) {
        return new Range(part, part * partLength, Math.min(length, (part + 1) * partLength));
    }

    /** What is to be sent next, which is under way from now on; nothing if all parts are there or under way. */
    synchronized Optional<Range> begin() {
        for (var part = 0; part < parts(); part++) {
            if (!done.contains(part) && underWay.add(part)) {
                var range = whole(part);
                return Optional.of(new Range(part, Math.max(range.from(), Math.min(inOrder, range.to())), range.to()));
            }
        }
        return Optional.empty();
    }

    /** The registry sends on to where the bytes have to go. */
    synchronized void redirect() {
        redirected = true;
    }

    synchronized boolean isRedirected() {
        return redirected;
    }

    /** A part is there. */
    synchronized void finish(int part, Optional<byte[]> md5) {
        underWay.remove(part);
        done.add(part);
        md5.ifPresent(sum -> sums.put(part, sum));
    }

    /** A part is not there. */
    synchronized void giveUp(int part) {
        underWay.remove(part);
    }

    /**
     * The registry says how much it has taken from the beginning; one that sends on to others does not know what these have.
     *
     * @throws IOException if that cannot be
     */
    synchronized void taken(long bytes) throws IOException {
        if (redirected) {
            return;
        }
        if (bytes < 0 || bytes > length) {
            throw new IOException("the registry says that it has %d bytes of %d".formatted(bytes, length));
        }
        inOrder = bytes;
        for (var part = 0; part < parts(); part++) {
            if (whole(part).to() <= bytes) {
                finish(part, Optional.empty());
            } else {
                done.remove(part);
            }
        }
    }

    synchronized long inOrder() {
        return inOrder;
    }

    /** The MD5 of a part, where it was sent at once. */
    synchronized Optional<byte[]> md5(int part) {
        return Optional.ofNullable(sums.get(part));
    }

    /** Bytes that are at the registry. */
    synchronized long moved() {
        var whole = done.stream().mapToLong(part -> whole(part).length()).sum();
        var begun = inOrder % partLength;
        var part = (int) (inOrder / partLength);
        return whole + (done.contains(part) || inOrder == length ? 0 : begun);
    }
}
