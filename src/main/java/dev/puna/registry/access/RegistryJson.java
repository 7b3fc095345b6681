// SPDX-License-Identifier: Apache-2.0
package dev.puna.registry.access;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import java.io.IOException;

/** Reads the small JSON that belongs to registries but to no model. */
public final class RegistryJson {
    private static final ObjectReader READER = new ObjectMapper().reader();

    private RegistryJson() {}

    /** The tree of a whole document. */
    public static JsonNode read(byte[] content) throws IOException {
        return READER.readTree(content);
    }
}
