// SPDX-License-Identifier: Apache-2.0
package dev.puna.support;

import dev.puna.engine.ModelFiles;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Files of models that consist of weights alone. */
public final class TestModelFiles {

    private TestModelFiles() {}

    /** A model without adapters that only reads; {@code weights} as in {@link ModelFiles}. */
    public static ModelFiles of(List<Path> weights) {
        return new ModelFiles(weights, List.of(), Optional.empty());
    }
}
