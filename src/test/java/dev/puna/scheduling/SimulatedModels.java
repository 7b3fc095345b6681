// SPDX-License-Identifier: Apache-2.0
package dev.puna.scheduling;

import dev.puna.store.InstalledModel;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Models for a simulation, of which there is no more than their headers. */
public final class SimulatedModels {
    private SimulatedModels() {}

    public static List<InstalledModel> of(Path blobs, String... names) {
        return Stream.of(names).map(name -> TinyModel.generating(blobs, name)).toList();
    }
}
