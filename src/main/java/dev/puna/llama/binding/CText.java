// SPDX-License-Identifier: Apache-2.0
package dev.puna.llama.binding;

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

    /**
     * What C says went wrong: the error text of the call, else the lines logged on this thread, else the given words.
     * Either is taken, so that the next failure does not find it.
     */
    static String reason(MemorySegment error, String otherwise) {
        var text = take(error.get(Native.C_POINTER, 0));
        error.set(Native.C_POINTER, 0, MemorySegment.NULL);
        var log = take(Native.puna_log_take());
        var reason = text != null ? text : log == null ? otherwise : otherwise + " (" + log + ")";
        return reason.strip().replace("\n", " | ");
    }
}
