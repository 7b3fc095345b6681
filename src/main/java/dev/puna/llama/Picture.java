// SPDX-License-Identifier: Apache-2.0
package dev.puna.llama;

import dev.puna.llama.binding.PictureHandle;

/**
 * A decoded picture or sound, or just its outline to count tokens with.
 *
 * <p><b>Owns</b> its pixels, outside the Java heap; the projector may close before it. <b>Threads:</b> one at a time, checked.
 */
public final class Picture implements AutoCloseable {
    private final PictureHandle handle;
    private final Lifecycle lifecycle = Lifecycle.exclusive("Picture");

    Picture(PictureHandle handle) {
        this.handle = handle;
    }

    PictureHandle handle() {
        return handle;
    }

    Lifecycle lifecycle() {
        return lifecycle;
    }

    @Override
    public void close() {
        lifecycle.close(handle::close);
    }
}
