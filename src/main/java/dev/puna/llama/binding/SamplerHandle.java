// SPDX-License-Identifier: Apache-2.0
package dev.puna.llama.binding;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.puna.failure.InvalidRequest;
import dev.puna.llama.binding.generated.Native;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * A {@code puna_sampler}.
 *
 * <p><b>Owns</b> it. <b>Borrows</b> the model, which must outlive it. <b>Threads:</b> one at a time.
 */
public final class SamplerHandle implements AutoCloseable {
    private static final String TOO_COSTLY =
            "the format cannot be followed: what it allows takes too much memory or too long to prepare;"
                    + " give it fewer alternatives, or smaller bounds of what is repeated, as \"maxItems\" and \"maxLength\"";

    private final Arena arena;
    private final MemorySegment sampler;

    private SamplerHandle(Arena arena, MemorySegment sampler) {
        this.arena = arena;
        this.sampler = sampler;
    }

    /** Fails with {@link InvalidRequest} if the grammar is too large, with a {@code NativeFailure} if it is none. */
    static SamplerHandle open(ModelHandle model, String json) {
        try (var call = new CallFrame()) {
            var reason = call.memory().allocate(JAVA_INT);
            var sampler = Native.puna_sampler_init(model.model(), call.text(json), reason, call.error());
            if (sampler.address() == 0 && reason.get(JAVA_INT, 0) == Native.PUNA_TOO_COSTLY()) {
                throw new InvalidRequest(TOO_COSTLY);
            }
            if (sampler.address() == 0) {
                throw call.failure(
                        "make a sampler for",
                        model.name(),
                        "the shim returned none",
                        "check the options and the grammar");
            }
            var arena = Arena.ofShared();
            return new SamplerHandle(arena, Ownership.bind(sampler, arena, Native::puna_sampler_free));
        }
    }

    public void acceptPrompt(int[] tokens) {
        try (var call = new CallFrame()) {
            Native.puna_sampler_accept_prompt(sampler, call.integers(tokens), tokens.length);
        }
    }

    long address() {
        return sampler.address();
    }

    @Override
    public void close() {
        arena.close();
    }
}
