// SPDX-License-Identifier: Apache-2.0
package dev.puna.process;

import java.io.IOException;

/** What a function of the system answered, in its own words. */
final class SystemError {
    /** {@code errno(3)}: the other end of a socket has gone, or both directions were shut. */
    static final int EPIPE = 32;

    static final int ECHILD = 10;
    static final int EAGAIN = 11;

    private SystemError() {}

    /** A result that is not negative, or the failure to do what the words say ("send"). */
    static int check(int result, String tried) throws IOException {
        if (result < 0) {
            throw of(-result, tried);
        }
        return result;
    }

    static IOException of(int error, String tried) {
        return new IOException("cannot " + tried + ": " + text(error));
    }

    static String text(int error) {
        return ProcessLibrary.functions().errorText(error);
    }
}
