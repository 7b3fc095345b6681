// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.openai.wire;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/**
 * A model of the store. Source: contract 1.11.
 *
 * @param id its short name with the tag
 * @param object {@code model}
 * @param created when its manifest was written, in seconds of Unix time
 * @param ownedBy the namespace of its name
 */
public record ModelObject(
        String id,
        String object,
        long created,
        @JsonProperty("owned_by") String ownedBy) {

    /** A model that there is. */
    public static ModelObject of(String id, long created, String ownedBy) {
        return new ModelObject(id, "model", created, ownedBy);
    }

    /**
     * The answer of {@code /v1/models}.
     *
     * @param object {@code list}
     * @param data every model, newest first
     */
    public record Listing(String object, List<ModelObject> data) {
        public Listing {
            data = List.copyOf(data);
        }

        /** All of these. */
        public static Listing of(List<ModelObject> models) {
            return new Listing("list", models);
        }
    }
}
