// SPDX-License-Identifier: Apache-2.0
package dev.puna.archive;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.puna.fuzz.FuzzTarget;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;

/** Archives: every header of a tar file, whose sums are mended so that more than these is looked at, and its JSON. */
public final class ArchiveFuzz implements FuzzTarget {
    private static final int SUM = 148;
    private static final int SUM_LENGTH = 8;
    private static final int MAGIC = 257;
    private static final int LONGEST_JSON = 1 << 20;

    @Override
    public String name() {
        return "archive";
    }

    @Override
    public void run(byte[] input) throws IOException {
        var tar = new TarReader(Channels.newChannel(new ByteArrayInputStream(mended(input))));
        try {
            for (var entry = tar.next(); entry.isPresent(); entry = tar.next()) {
                read(entry.get(), tar);
            }
        } catch (EOFException cutOff) {
            // Told as it is.
        }
    }

    private static void read(TarReader.Entry entry, TarReader tar) throws IOException {
        if (entry.name().startsWith("/") || ("/" + entry.name() + "/").contains("/../")) {
            throw new AssertionError(entry.name() + " leads out");
        }
        if (entry.name().endsWith(".json")) {
            new String(LayoutIndex.read(tar.content(LONGEST_JSON, "it")).bytes(), US_ASCII);
        } else if (entry.name().endsWith("oci-layout")) {
            LayoutIndex.isKnownVersion(tar.content(LONGEST_JSON, "it"));
        } else if (entry.size() % 2 == 0) {
            OciManifest.original(tar.content(LONGEST_JSON, "it"));
        } else {
            tar.read(ByteBuffer.allocate(1));
        }
    }

    private static byte[] mended(byte[] input) {
        for (var at = 0; at + TarHeader.BLOCK <= input.length; at += TarHeader.BLOCK) {
            if (new String(input, at + MAGIC, 5, US_ASCII).equals("ustar")) {
                for (var i = 0; i < SUM_LENGTH; i++) {
                    input[at + SUM + i] = ' ';
                }
                var sum = 0;
                for (var i = 0; i < TarHeader.BLOCK; i++) {
                    sum += Byte.toUnsignedInt(input[at + i]);
                }
                var digits = "%06o\0 ".formatted(sum).getBytes(US_ASCII);
                System.arraycopy(digits, 0, input, at + SUM, digits.length);
            }
        }
        return input;
    }
}
