// SPDX-License-Identifier: Apache-2.0
package dev.puna.inference;

import static java.util.Objects.requireNonNull;

import dev.puna.model.KeepAlive;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Texts to embed, and by what. Source: contract 1.6.
 *
 * @param model which model
 * @param texts one embedding each; none to load the model
 * @param truncate whether texts too long are cut; else they are refused
 * @param keepAlive how long the model stays in memory; absent for what it has or the server's default
 * @param options as parsed JSON
 */
public record EmbeddingInput(
        ModelReference model,
        List<String> texts,
        boolean truncate,
        Optional<KeepAlive> keepAlive,
        Map<String, @Nullable Object> options) {

    public EmbeddingInput {
        requireNonNull(model, "model is null");
        texts = List.copyOf(texts);
        requireNonNull(keepAlive, "keepAlive is null");
        options = Collections.unmodifiableMap(new LinkedHashMap<>(options));
    }
}
