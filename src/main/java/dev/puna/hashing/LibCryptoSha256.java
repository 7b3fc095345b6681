// SPDX-License-Identifier: Apache-2.0
package dev.puna.hashing;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.security.MessageDigest;

/** A hash that libcrypto computes. Native memory is read where it is; bytes of arrays are copied, some at a time. */
final class LibCryptoSha256 extends MessageDigest {
    private static final int LENGTH = 32;
    private static final int COPIED = 1 << 16;

    private final LibCrypto library;
    private final MemorySegment context;
    private final MemorySegment result;
    private final MemorySegment copy;

    LibCryptoSha256(LibCrypto library) {
        super("SHA-256");
        this.library = library;
        context = library.begin();
        result = Arena.ofAuto().allocate(LENGTH);
        copy = Arena.ofAuto().allocate(COPIED);
    }

    @Override
    protected int engineGetDigestLength() {
        return LENGTH;
    }

    @Override
    protected void engineUpdate(byte input) {
        engineUpdate(new byte[] {input}, 0, 1);
    }

    @Override
    protected void engineUpdate(byte[] input, int offset, int length) {
        for (var done = 0; done < length; done += COPIED) {
            var count = Math.min(COPIED, length - done);
            MemorySegment.copy(input, offset + done, copy, ValueLayout.JAVA_BYTE, 0, count);
            library.update(context, copy.asSlice(0, count));
        }
    }

    @Override
    protected void engineUpdate(ByteBuffer input) {
        if (input.isDirect()) {
            library.update(context, MemorySegment.ofBuffer(input));
            input.position(input.limit());
        } else {
            super.engineUpdate(input);
        }
    }

    @Override
    protected byte[] engineDigest() {
        library.finish(context, result);
        library.begin(context);
        return result.toArray(ValueLayout.JAVA_BYTE);
    }

    @Override
    protected void engineReset() {
        library.begin(context);
    }
}
