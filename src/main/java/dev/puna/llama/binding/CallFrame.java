// SPDX-License-Identifier: Apache-2.0
package dev.puna.llama.binding;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.puna.failure.Failure;
import dev.puna.failure.InvalidRequest;
import dev.puna.failure.NativeFailure;
import dev.puna.llama.binding.generated.Native;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The memory of one C call: its arguments, and the place where C puts its error text.
 *
 * <p><b>Owns</b> a confined arena, so one thread opens, uses and closes it.
 */
final class CallFrame implements AutoCloseable {
    private final Arena arena = Arena.ofConfined();
    private final MemorySegment error = arena.allocate(Native.C_POINTER);

    Arena memory() {
        return arena;
    }

    MemorySegment error() {
        return error;
    }

    /** The text as C reads it, up to the first NUL: so there must be none inside. */
    MemorySegment text(@Nullable String text) {
        if (text == null) {
            return MemorySegment.NULL;
        }
        if (text.indexOf('\0') >= 0) {
            throw new InvalidRequest("a text holds the character NUL");
        }
        return arena.allocateFrom(text);
    }

    MemorySegment texts(List<String> texts) {
        var pointers = arena.allocate(Native.C_POINTER, texts.size());
        for (int i = 0; i < texts.size(); i++) {
            pointers.setAtIndex(Native.C_POINTER, i, text(texts.get(i)));
        }
        return pointers;
    }

    MemorySegment bytes(byte[] bytes) {
        return arena.allocateFrom(JAVA_BYTE, bytes);
    }

    MemorySegment integers(int[] values) {
        return arena.allocateFrom(JAVA_INT, values);
    }

    /** A copy of the text that C returned, freed there; fails with C's own words if there is none. */
    String result(MemorySegment text, String tried, String subject, String advice) {
        var copy = CText.take(text);
        if (copy == null) {
            throw failure(tried, subject, "it returned nothing", advice);
        }
        return copy;
    }

    NativeFailure failure(String tried, String subject, String otherwise, String advice) {
        return NativeFailure.of(tried, subject, CText.reason(error, otherwise), advice);
    }

    /** A failure of a call that makes a model, a context or a projector, or computes: such a call mostly fails for want of memory. */
    Failure failureToMake(String tried, String subject, String otherwise, String advice) {
        var reason = CText.reason(error, otherwise);
        return ExhaustedMemory.told(NativeFailure.of(tried, subject, reason, advice), reason);
    }

    @Override
    public void close() {
        arena.close();
    }
}
