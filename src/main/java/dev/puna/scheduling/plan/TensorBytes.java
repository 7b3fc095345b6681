// SPDX-License-Identifier: Apache-2.0
package dev.puna.scheduling.plan;

import dev.puna.gguf.GgufFile;
import dev.puna.gguf.TensorInfo;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.Pattern;

/**
 * How the bytes of a model's weights are spread over it. Source of the names: llama.cpp's {@code llama-arch.cpp}.
 *
 * @param input what stays with the CPU wherever the layers are: the embeddings of tokens, and whatever has no layer
 * @param layers of each layer but the output, adapters included
 * @param output of the last layer, the output; not counted in a model that uses the input's weights for it
 * @param outputOnDevice of the output when it lies on a device: there even the input's weights are copied
 * @param projector of what the model sees or hears with
 */
public record TensorBytes(long input, List<Long> layers, long output, long outputOnDevice, long projector) {
    private static final Pattern LAYER = Pattern.compile("(?:enc\\.|dec\\.)?blk\\.(\\d{1,6})\\..*");
    private static final String EMBEDDINGS = "token_embd.weight";
    private static final String OUTPUT = "output.weight";

    /** Copies the list. */
    public TensorBytes {
        layers = List.copyOf(layers);
    }

    /**
     * @param parts headers of all files with weights
     * @param blocks layers, by the model's metadata
     * @param adapters bytes of all adapters, which lie beside what they change
     */
    static TensorBytes of(List<GgufFile> parts, int blocks, long adapters, long projector) {
        var layers = new ArrayList<>(Collections.nCopies(blocks, adapters / Math.max(1, blocks)));
        var input = 0L;
        var output = 0L;
        var embeddings = 0L;
        var tied = true;
        for (var tensor :
                parts.stream().map(GgufFile::tensors).flatMap(List::stream).toList()) {
            var layer = layerOf(tensor);
            embeddings += tensor.name().equals(EMBEDDINGS) ? tensor.size() : 0;
            tied &= !tensor.name().equals(OUTPUT);
            if (layer >= 0 && layer < blocks) {
                layers.set(layer, layers.get(layer) + tensor.size());
            } else if (tensor.name().startsWith("output")) {
                output += tensor.size();
            } else {
                input += tensor.size();
            }
        }
        return new TensorBytes(input, layers, output, tied ? output + embeddings : output, projector);
    }

    private static int layerOf(TensorInfo tensor) {
        var matcher = LAYER.matcher(tensor.name());
        return matcher.matches() ? Integer.parseInt(matcher.group(1)) : -1;
    }
}
