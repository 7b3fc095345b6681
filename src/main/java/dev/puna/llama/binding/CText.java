// SPDX-License-Identifier: Apache-2.0
package dev.puna.llama.binding;

import static java.util.Objects.requireNonNullElse;

import dev.puna.llama.binding.generated.Native;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/** Text that C allocated for us: copied and given back in one go. */
final class CText {
    private CText() {}

    /** A copy of a text that the shim handed over, which is freed; null for NULL. */
    static @Nullable String take(MemorySegment text) {
        if (text.address() == 0) {
            return null;
        }
        try {
            return text.getString(0);
        } finally {
            Native.puna_string_free(text);
        }
    }

    /** A copy of a text that stays C's; null for NULL. */
    static @Nullable String borrow(MemorySegment text) {
        return text.address() == 0 ? null : text.getString(0);
    }

    /** The error text of a call, taken from where C put it, on one line and with words for what C++ has only a name for; null if there is none. */
    static @Nullable String error(MemorySegment error) {
        var text = take(error.get(Native.C_POINTER, 0));
        error.set(Native.C_POINTER, 0, MemorySegment.NULL);
        return text == null
                ? null
                : text.strip()
                        .replace(":\n", ": ")
                        .replace("\n", " | ")
                        .replace("std::bad_alloc", ExhaustedMemory.BAD_ALLOCATION);
    }

    /** What C says went wrong, with llama.cpp's log of this very call in it, else the given words. */
    static String reason(MemorySegment error, String otherwise) {
        return requireNonNullElse(error(error), otherwise);
    }
}
