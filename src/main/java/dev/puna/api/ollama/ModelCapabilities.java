// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.ollama;

import dev.puna.model.Capability;
import java.util.List;

/**
 * What a model can do.
 *
 * @param capabilities in the order in which Ollama finds them out
 * @param templates by which template it is spoken to
 */
record ModelCapabilities(List<Capability> capabilities, ModelTemplates templates) {
    ModelCapabilities {
        capabilities = List.copyOf(capabilities);
    }

    boolean include(Capability capability) {
        return capabilities.contains(capability);
    }

    /** As the wire says them. */
    List<String> words() {
        return capabilities.stream().map(Capability::word).toList();
    }
}
