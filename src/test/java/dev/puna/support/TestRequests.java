// SPDX-License-Identifier: Apache-2.0
package dev.puna.support;

import dev.puna.device.Placement;
import dev.puna.engine.EngineSpec;
import dev.puna.engine.GenerationRequest;
import dev.puna.engine.OutputFormat;
import dev.puna.engine.Prompt;
import dev.puna.model.GenerationOptions;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;

/** What engines of tests are asked where it matters little what they are asked. */
public final class TestRequests {
    private TestRequests() {}

    /** A generation with the usual options. */
    public static GenerationRequest of(Prompt prompt) {
        return new GenerationRequest(
                prompt,
                GenerationOptions.DEFAULT,
                new OutputFormat.Free(),
                true,
                true,
                false,
                false,
                OptionalInt.empty());
    }

    /**
     * A small model on the CPU.
     *
     * @param hostBytes of memory that it is expected to take
     */
    public static EngineSpec spec(Path weights, long hostBytes) {
        var files = TestModelFiles.of(List.of(weights));
        return new EngineSpec("tiny", files, 512, 2, 512, 1, Placement.CPU, true, "f16", "auto", hostBytes);
    }
}
