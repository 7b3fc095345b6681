// SPDX-License-Identifier: Apache-2.0
package dev.puna.gguf;

import dev.puna.model.ModelFacts;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The checked header of one GGUF file.
 *
 * @param version 2 or 3
 * @param metadata every key in the order of the file
 * @param tensors every tensor in the order of the file
 * @param alignment bytes by which tensors are aligned
 * @param dataOffset where the weights begin, in bytes
 * @param fileSize length of the file in bytes
 */
public record GgufFile(
        int version,
        Map<String, GgufValue> metadata,
        List<TensorInfo> tensors,
        long alignment,
        long dataOffset,
        long fileSize) {
    /** Copies the collections. */
    public GgufFile {
        metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
        tensors = List.copyOf(tensors);
    }

    /** The text under a key, or nothing when there is none of that type. */
    public Optional<String> text(String key) {
        return metadata.get(key) instanceof GgufValue.Text(var value) ? Optional.of(value) : Optional.empty();
    }

    /** The whole number under a key, or nothing when there is none of that type or it is above 2⁶³-1. */
    public OptionalLong whole(String key) {
        return metadata.get(key) instanceof GgufValue.Whole whole && whole.number() instanceof Long value
                ? OptionalLong.of(value)
                : OptionalLong.empty();
    }

    /** The truth under a key, or nothing when there is none of that type. */
    public Optional<Boolean> bool(String key) {
        return metadata.get(key) instanceof GgufValue.Bool(var value) ? Optional.of(value) : Optional.empty();
    }

    /** The array under a key, or nothing when there is none. */
    public Optional<GgufValue.Items> items(String key) {
        return metadata.get(key) instanceof GgufValue.Items items ? Optional.of(items) : Optional.empty();
    }

    /** Options that the file's maker recommends, by their names. */
    public Map<String, Object> sampling() {
        return SamplingKeys.of(this);
    }

    /** {@code general.architecture}, empty when the file does not say. */
    public String architecture() {
        return text("general.architecture").orElse("");
    }

    /** Which part of a split model this is, or nothing when the file holds a whole one. */
    public Optional<Split> split() {
        return Split.of(this);
    }

    /** What the file says about its model, in the words of the rest of the server. */
    public ModelFacts facts() {
        return FactReader.facts(this);
    }
}
