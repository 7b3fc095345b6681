// SPDX-License-Identifier: Apache-2.0
package dev.puna.creation;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** In what form the files of a create request hold a model, as far as their names tell. Source: contract 3.2, step 2. */
sealed interface SourceFormat {
    /** GGUF files, each of which says itself what it holds. */
    record Gguf() implements SourceFormat {}

    /**
     * Tensors with descriptions in JSON beside them, as Hugging Face's libraries write them.
     *
     * @param file the first one that is so
     */
    record Safetensors(String file) implements SourceFormat {}

    /**
     * Tensors as PyTorch pickles them.
     *
     * @param file the first one that is so
     */
    record Torch(String file) implements SourceFormat {}

    /** The format of files with these names. */
    static SourceFormat of(Collection<String> names) {
        var torch = first(names, List.of(".bin", ".pth", ".pt", ".ckpt"));
        return first(names, List.of(".safetensors"))
                .<SourceFormat>map(Safetensors::new)
                .or(() -> torch.map(Torch::new))
                .or(() -> first(names, List.of(".json", ".model")).map(Safetensors::new))
                .orElseGet(Gguf::new);
    }

    private static Optional<String> first(Collection<String> names, List<String> endings) {
        return names.stream()
                .filter(name -> endings.stream().anyMatch(name.toLowerCase(Locale.ROOT)::endsWith))
                .findFirst();
    }
}
