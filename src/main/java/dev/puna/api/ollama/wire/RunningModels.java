// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.ollama.wire;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.OffsetDateTime;
import java.util.List;

/**
 * The answer of {@code /api/ps}. Source: contract 1.8.
 *
 * @param models models in memory and those that are refused, the one that stays so longest first
 */
public record RunningModels(List<Entry> models) {

    public RunningModels {
        models = List.copyOf(models);
    }

    /**
     * A model in memory, or one that is refused: that takes 0 bytes.
     *
     * @param name its short name with the tag
     * @param model the same
     * @param size bytes it takes
     * @param digest of its manifest, hexadecimal
     * @param details what it is
     * @param expiresAt when it leaves memory unless it is used
     * @param sizeVram bytes of those on GPUs
     * @param contextLength tokens one conversation may hold
     * @param runner what the weights are for; empty if that is not known
     * @param error why it is not in memory and not loaded until {@code expires_at} (departure 31); empty for any other
     */
    public record Entry(
            String name,
            String model,
            long size,
            String digest,
            ModelDetails details,
            @JsonProperty("expires_at") OffsetDateTime expiresAt,
            @JsonProperty("size_vram") long sizeVram,
            @JsonProperty("context_length") int contextLength,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) String runner,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) String error) {}
}
