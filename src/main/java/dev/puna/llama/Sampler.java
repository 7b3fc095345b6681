// SPDX-License-Identifier: Apache-2.0
package dev.puna.llama;

import dev.puna.llama.binding.SamplerHandle;

/**
 * How the tokens of one sequence are chosen: its filters, penalties, grammar and random numbers.
 *
 * <p><b>Owns</b> a {@code puna_sampler}. <b>Borrows</b> the model, which cannot close before it. <b>Threads:</b> one at
 * a time, checked. <b>Close</b> during a step that samples with it fails with {@link IllegalStateException}.
 */
public final class Sampler implements AutoCloseable {
    private final SamplerHandle handle;
    private final LoadedModel model;
    private final NativeLifecycle lifecycle = NativeLifecycle.exclusive("Sampler");

    Sampler(SamplerHandle handle, LoadedModel model) {
        this.handle = handle;
        this.model = model;
    }

    /** Lets the tokens of a prompt count for the penalties; the grammar does not see them. */
    public void acceptPrompt(int[] tokens) {
        lifecycle.enter();
        try {
            handle.acceptPrompt(tokens);
        } finally {
            lifecycle.leave();
        }
    }

    SamplerHandle handle() {
        return handle;
    }

    LoadedModel model() {
        return model;
    }

    NativeLifecycle lifecycle() {
        return lifecycle;
    }

    @Override
    public void close() {
        lifecycle.close(handle::close, model.lifecycle());
    }
}
