// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine;

import dev.puna.llama.Context;

/** Reads what a context and its model hold. */
final class NativeMemoryUse {

    private NativeMemoryUse() {}

    static EngineMemory of(Context context) {
        var use = context.memory();
        return new EngineMemory(use.modelBytes(), use.cacheBytes(), use.computeBytes(), use.deviceBytes());
    }
}
