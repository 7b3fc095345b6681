// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.response;

import dev.puna.engine.GenerationEvent;
import java.util.List;

/** Reads an answer that is nothing but content. */
public final class PlainResponseParser implements ResponseParser {

    @Override
    public List<GenerationEvent> read(GenerationEvent.Text more) {
        return List.of(more);
    }

    @Override
    public List<GenerationEvent> end() {
        return List.of();
    }

    @Override
    public void close() {}
}
