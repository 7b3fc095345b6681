// SPDX-License-Identifier: Apache-2.0
package dev.puna.registry;

import dev.puna.failure.RegistryFailure;
import dev.puna.registry.http.RegistryResponse;
import dev.puna.store.PartialBlob;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;

/**
 * Fetches parts of one blob, one after the other, and tries again what fails in a way that may pass.
 *
 * <p><b>Threads:</b> it runs in one; {@link #stop} comes from another.
 */
final class PartFetch {
    private static final int BUFFER = 1 << 18;
    private static final Pattern RANGE = Pattern.compile("bytes (\\d{1,18})-(\\d{1,18})/(\\d{1,18}|\\*)");

    private final BlobSource source;
    private final PartialBlob blob;
    private final TransferLimits limits;
    private final RateLimit rate;
    private final byte[] buffer = new byte[BUFFER];

    private volatile boolean stopped;

    PartFetch(BlobSource source, PartialBlob blob, TransferLimits limits, RateLimit rate) {
        this.source = source;
        this.blob = blob;
        this.limits = limits;
        this.rate = rate;
    }

    /** Fetches what a part lacks. */
    void fetch(int part) throws InterruptedException, RangesIgnored {
        retrying(() -> blob.missing(part), () -> once(part));
    }

    /** Fetches what the blob lacks from a registry that sends it only as a whole. */
    void fetchWhole() throws InterruptedException, RangesIgnored {
        retrying(() -> blob.length() - blob.written(), this::whole);
    }

    private void retrying(LongSupplier missing, Retries.Attempt<RangesIgnored> attempt)
            throws InterruptedException, RangesIgnored {
        new Retries(limits, () -> stopped).run(missing, () -> {
            try {
                attempt.run();
            } catch (IOException e) {
                source.forgetLocation();
                throw e;
            }
        });
    }

    /** Says that whatever fails from now on is not to be tried again; the thread has to be interrupted besides. */
    void stop() {
        stopped = true;
    }

    private void once(int part) throws IOException, InterruptedException, RangesIgnored {
        var position = blob.position(part);
        var end = position + blob.missing(part) - 1;
        try (var response = source.get(Map.of("Range", "bytes=%d-%d".formatted(position, end)))) {
            check(response, position, end);
            copy(response.body(), part);
        }
    }

    private void whole() throws IOException, InterruptedException, RangesIgnored {
        try (var response = source.get(Map.of())) {
            check(response, 0, blob.length() - 1);
            var position = 0L;
            for (var read = next(response.body()); read >= 0; read = next(response.body())) {
                if (read > blob.length() - position) {
                    throw new RegistryFailure("%s is longer at the registry than the %d bytes of the manifest"
                            .formatted(blob.digest().text(), blob.length()));
                }
                place(position, read);
                position += read;
                rate.passed(read);
            }
            if (position < blob.length()) {
                throw new IOException("unexpected EOF");
            }
        }
    }

    /** Writes of what is in the buffer what is not there yet. */
    private void place(long position, int count) {
        for (var taken = 0; taken < count; ) {
            var at = position + taken;
            var part = blob.partAt(at);
            var rest = count - taken;
            var there = blob.position(part) - at;
            var end = at + there + blob.missing(part);
            if (there > 0) {
                taken += (int) Math.min(rest, there);
            } else {
                var now = (int) Math.min(rest, end - at);
                blob.write(part, ByteBuffer.wrap(buffer, taken, now));
                taken += now;
            }
        }
    }

    private void copy(InputStream body, int part) throws IOException, InterruptedException {
        while (blob.missing(part) > 0) {
            var read = next(body, (int) Math.min(buffer.length, blob.missing(part)));
            if (read < 0) {
                throw new IOException("unexpected EOF");
            }
            blob.write(part, ByteBuffer.wrap(buffer, 0, read));
            rate.passed(read);
        }
    }

    private int next(InputStream body) throws IOException, InterruptedException {
        return next(body, buffer.length);
    }

    private int next(InputStream body, int most) throws IOException, InterruptedException {
        var read = body.read(buffer, 0, most);
        if (stopped) {
            throw new InterruptedException("stopped");
        }
        return read;
    }

    /** Whether what comes is what was asked for, and nothing else. */
    private void check(RegistryResponse response, long position, long end) throws IOException, RangesIgnored {
        var status = response.status();
        Retries.requireReady(response);
        if (status >= 400) {
            if (!source.isHome(response.address())) {
                // The address where the blob was has expired.
                throw new IOException(response.refusal());
            }
            throw new RegistryFailure(response.refusal());
        }
        if (response.header("Content-Encoding")
                .filter(coding -> !coding.equalsIgnoreCase("identity"))
                .isPresent()) {
            throw new RegistryFailure("the registry sends a blob in an encoding that nobody has asked for");
        }
        if (status != 200 && status != 206) {
            throw new RegistryFailure(
                    "the registry answers with status %d where it should send a blob".formatted(status));
        }
        if (status == 206) {
            checkRange(response.header("Content-Range").orElse(""), position, end);
        } else if (position != 0 || end + 1 != blob.length()) {
            throw new RangesIgnored();
        } else {
            checkLength(response.header("Content-Length")
                    .filter(text -> text.matches("\\d{1,18}"))
                    .map(Long::parseLong)
                    .orElse(end + 1));
        }
    }

    private void checkRange(String range, long position, long end) throws IOException {
        var matcher = RANGE.matcher(range);
        if (!matcher.matches()
                || Long.parseLong(matcher.group(1)) != position
                || Long.parseLong(matcher.group(2)) > end) {
            throw new IOException("the registry sends another range than it was asked for");
        }
        if (!matcher.group(3).equals("*")) {
            checkLength(Long.parseLong(matcher.group(3)));
        }
    }

    private void checkLength(long length) {
        if (length != blob.length()) {
            throw new RegistryFailure("%s has %d bytes at the registry, and %d by the manifest"
                    .formatted(blob.digest().text(), length, blob.length()));
        }
    }

    /** The registry sends the whole blob whatever it is asked for. */
    static final class RangesIgnored extends Exception {
        private static final long serialVersionUID = 1L;

        RangesIgnored() {
            super("the registry sends the whole blob, not the part that was asked for");
        }
    }
}
