// SPDX-License-Identifier: Apache-2.0
package dev.puna.store;

import dev.puna.model.ModelName;
import java.util.List;
import java.util.Optional;

/** Models besides those of the store, which can be used, but neither changed nor deleted here. Any thread. */
public interface ReadOnlyModels {
    /** No models at all. */
    ReadOnlyModels NONE = new ReadOnlyModels() {
        @Override
        public List<InstalledModel> list() {
            return List.of();
        }

        @Override
        public Optional<InstalledModel> find(ModelName name) {
            return Optional.empty();
        }
    };

    /** Every readable model. */
    List<InstalledModel> list();

    /** The model that is meant by a name in whatever case, or nothing; one that is damaged is a failure that names its file. */
    Optional<InstalledModel> find(ModelName name);
}
