// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.ollama.wire;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.OffsetDateTime;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The answer of {@code /api/tags}. Source: contract 1.8.
 *
 * @param models every model of the store, newest first
 * @param totalSize bytes of all their blobs, each once; only if sizes are asked for
 */
public record ModelList(
        List<Entry> models,

        @JsonProperty("total_size") @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
        Long totalSize) {

    public ModelList {
        models = List.copyOf(models);
    }

    /**
     * A model of the store.
     *
     * @param name its short name with the tag
     * @param model the same
     * @param remoteModel its name at the server that runs it; empty for a model of this machine
     * @param remoteHost the server that runs it; empty for a model of this machine
     * @param modifiedAt when its manifest was written
     * @param size bytes of its blobs
     * @param digest of its manifest, hexadecimal
     * @param details what it is
     * @param capabilities what it can do; left out if that is unknown
     * @param ownSize bytes of its blobs that no other model has; only if sizes are asked for
     * @param sharedSize bytes of its other blobs; only if sizes are asked for
     */
    public record Entry(
            String name,
            String model,

            @JsonProperty("remote_model") @JsonInclude(JsonInclude.Include.NON_EMPTY)
            String remoteModel,

            @JsonProperty("remote_host") @JsonInclude(JsonInclude.Include.NON_EMPTY)
            String remoteHost,

            @JsonProperty("modified_at") OffsetDateTime modifiedAt,
            long size,
            String digest,
            ModelDetails details,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> capabilities,

            @JsonProperty("own_size") @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            Long ownSize,

            @JsonProperty("shared_size") @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            Long sharedSize) {
        public Entry {
            capabilities = List.copyOf(capabilities);
        }
    }
}
