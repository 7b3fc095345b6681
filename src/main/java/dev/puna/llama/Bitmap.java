// SPDX-License-Identifier: Apache-2.0
package dev.puna.llama;

import dev.puna.llama.binding.BitmapHandle;

/**
 * A decoded image or sound, or just its outline to count tokens with.
 *
 * <p><b>Owns</b> its pixels, outside the Java heap; the projector may close before it. <b>Threads:</b> one at a time, checked.
 */
public final class Bitmap implements AutoCloseable {
    private final BitmapHandle handle;
    private final NativeLifecycle lifecycle = NativeLifecycle.exclusive("Picture");

    Bitmap(BitmapHandle handle) {
        this.handle = handle;
    }

    BitmapHandle handle() {
        return handle;
    }

    NativeLifecycle lifecycle() {
        return lifecycle;
    }

    @Override
    public void close() {
        lifecycle.close(handle::close);
    }
}
