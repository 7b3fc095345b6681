// SPDX-License-Identifier: Apache-2.0
package dev.puna.conversion;

import static java.util.Objects.requireNonNull;

import dev.puna.conversion.TinySafetensors.Described;
import dev.puna.conversion.safetensors.Weights;
import dev.puna.conversion.source.ModelFiles;
import dev.puna.conversion.tensor.Tensor;
import dev.puna.gguf.Gguf;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A model of a case with an adapter of its own, and the same model with it merged in. */
public final class MergedAdapter {
    private static final String WEIGHTS = "model.safetensors";
    private static final long RANK = 4;
    private static final float SCALE = 12f / RANK;

    private MergedAdapter() {}

    /** Writes the merged model in GGUF, computed from the published forms of both. */
    public static Path merged(ConversionCase model, Path directory) throws IOException {
        var folder = model.writeBelow(directory);
        var adapter = model.writeAdapterBelow(directory);
        var values = new HashMap<String, float[]>();
        var described = new ArrayList<Described>();
        try (var base = Weights.open(ModelFiles.of(folder));
                var pairs = Weights.open(ModelFiles.of(adapter), "adapter_model.safetensors")) {
            base.tensors().forEach((name, tensor) -> {
                described.add(new Described(name, "F32", tensor.shape()));
                values.put(name, merged(name, tensor, pairs.tensors()));
            });
        }
        write(folder.resolve(WEIGHTS), described, values);
        return converted(folder, directory.resolve("merged.gguf"));
    }

    /** Writes the model in GGUF with its weights as 32 bit numbers, which are halved as those of the merged one are. */
    public static Path plain(ConversionCase model, Path directory) throws IOException {
        var folder = model.writeBelow(directory);
        var values = new HashMap<String, float[]>();
        var described = new ArrayList<Described>();
        try (var base = Weights.open(ModelFiles.of(folder))) {
            base.tensors().forEach((name, tensor) -> {
                described.add(new Described(name, "F32", tensor.shape()));
                values.put(name, tensor.floats());
            });
        }
        write(folder.resolve(WEIGHTS), described, values);
        return converted(folder, directory.resolve("plain.gguf"));
    }

    /** Writes the adapter in GGUF. */
    public static Path adapter(ConversionCase model, Path base, Path directory) throws IOException {
        var folder = model.writeAdapterBelow(directory);
        try (var conversion =
                Conversion.openAdapter(ModelFiles.of(folder), Gguf.read(base).metadata())) {
            return Files.write(directory.resolve("adapter.gguf"), ConversionCase.written(conversion));
        }
    }

    private static Path converted(Path folder, Path file) throws IOException {
        try (var conversion = Conversion.open(ModelFiles.of(folder))) {
            return Files.write(file, ConversionCase.written(conversion));
        }
    }

    private static float[] merged(String name, Tensor weight, Map<String, Tensor> pairs) {
        var values = weight.floats();
        var module = "base_model.model." + name.replace(".weight", "");
        var a = pairs.get(module + ".lora_A.weight");
        var b = pairs.get(module + ".lora_B.weight");
        if (a == null || b == null) {
            var rows = pairs.get(module + ".lora_embedding_A");
            var width = pairs.get(module + ".lora_embedding_B");
            return rows == null || width == null
                    ? values
                    : added(
                            values,
                            weight,
                            rows.transpose(0, 1).floats(),
                            width.transpose(0, 1).floats());
        }
        return added(values, weight, b.floats(), a.floats());
    }

    private static float[] added(float[] values, Tensor weight, float[] left, float[] right) {
        var columns = Math.toIntExact(weight.size(1));
        for (var index = 0; index < values.length; index++) {
            var sum = 0.0;
            for (var inner = 0; inner < RANK; inner++) {
                sum += left[index / columns * (int) RANK + inner] * right[inner * columns + index % columns];
            }
            values[index] += (float) (SCALE * sum);
        }
        return values;
    }

    private static void write(Path file, List<Described> described, Map<String, float[]> values) throws IOException {
        TinySafetensors.write(file, described);
        var bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        bytes.position(
                bytes.capacity() - described.stream().mapToInt(Described::bytes).sum());
        described.forEach(tensor -> {
            for (var value : requireNonNull(values.get(tensor.name()))) {
                bytes.putFloat(value);
            }
        });
        Files.write(file, bytes.array());
    }
}
