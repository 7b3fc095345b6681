// SPDX-License-Identifier: Apache-2.0
package dev.puna.inference.capability;

import dev.puna.model.Capability;
import java.util.List;

/**
 * What a model can do.
 *
 * @param capabilities in the order in which Ollama finds them out
 * @param templates by which template it is spoken to
 */
public record ModelCapabilities(List<Capability> capabilities, ModelTemplates templates) {
    public ModelCapabilities {
        capabilities = List.copyOf(capabilities);
    }

    /** Whether it can do that. */
    public boolean include(Capability capability) {
        return capabilities.contains(capability);
    }

    /** As the wire says them. */
    public List<String> words() {
        return capabilities.stream().map(Capability::word).toList();
    }
}
