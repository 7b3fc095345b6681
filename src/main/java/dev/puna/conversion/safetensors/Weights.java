// SPDX-License-Identifier: Apache-2.0
package dev.puna.conversion.safetensors;

import dev.puna.conversion.source.Json;
import dev.puna.conversion.source.ModelFiles;
import dev.puna.conversion.tensor.StoredTensor;
import dev.puna.conversion.tensor.Tensor;
import dev.puna.failure.InvalidRequest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The weights of a model, of one file or of several with an index.
 *
 * <p><b>Owns</b> the files, which its tensors borrow, until it is closed. <b>Threads:</b> one.
 */
public final class Weights implements AutoCloseable {
    private static final String SUFFIX = ".safetensors";
    private static final String INDEX = "model.safetensors.index.json";
    private static final List<String> PICKLES = List.of(".bin", ".pt", ".pth", ".ckpt");

    private final List<OpenFile> files = new ArrayList<>();
    private final Map<String, Tensor> tensors = new LinkedHashMap<>();

    private Weights() {}

    /** Opens all files and reads their headers; they are closed again where one is wrong. */
    public static Weights open(ModelFiles files) {
        var index = Json.object(files, INDEX);
        var weights = new Weights();
        try {
            if (index.isPresent()) {
                weights.open(files, indexed(index.get()));
            } else {
                weights.open(files, found(files));
            }
            return weights;
        } catch (RuntimeException e) {
            weights.close();
            throw e;
        }
    }

    /** Opens one file, whatever it is called. */
    public static Weights open(ModelFiles files, String name) {
        var weights = new Weights();
        try {
            weights.open(files, Set.of(name));
            return weights;
        } catch (RuntimeException e) {
            weights.close();
            throw e;
        }
    }

    /** All tensors: file by file, and by name in each. */
    public Map<String, Tensor> tensors() {
        return Collections.unmodifiableMap(tensors);
    }

    /** Refuses files that were changed since they were opened. */
    public void requireUnchanged() {
        files.forEach(OpenFile::requireUnchanged);
    }

    /** The file of each tensor. */
    private static Map<String, String> indexed(Map<String, @Nullable Object> index) {
        if (!(index.get("weight_map") instanceof Map<?, ?> map)) {
            throw new InvalidRequest(INDEX + " lacks the object 'weight_map'");
        }
        var files = new LinkedHashMap<String, String>();
        map.forEach((name, file) -> {
            if (!(file instanceof String text)) {
                throw new InvalidRequest(INDEX + " has no file for '" + name + "'");
            }
            files.put(String.valueOf(name), text);
        });
        return files;
    }

    private static Set<String> found(ModelFiles files) {
        var parts = new TreeSet<String>();
        for (var name : files.names()) {
            if (name.startsWith("model") && name.endsWith(SUFFIX) && name.indexOf('/') < 0) {
                parts.add(name);
            }
        }
        if (parts.isEmpty()) {
            throw new InvalidRequest(
                    files.names().stream().anyMatch(name -> PICKLES.stream().anyMatch(name::endsWith))
                            ? "the weights are pickled, which could run any program: take a model with .safetensors"
                                    + " files, or save this one again with safe_serialization=True"
                            : "the model has no file model*.safetensors");
        }
        return parts;
    }

    private void open(ModelFiles files, Map<String, String> index) {
        open(files, new TreeSet<>(index.values()));
        var missing = new LinkedHashSet<>(index.keySet());
        missing.removeAll(tensors.keySet());
        var extra = new LinkedHashSet<>(tensors.keySet());
        extra.removeAll(index.keySet());
        if (!missing.isEmpty() || !extra.isEmpty()) {
            throw new InvalidRequest("the weights do not fit " + INDEX + told("; missing tensors: ", missing)
                    + told("; tensors that it lacks: ", extra) + "; download the model again");
        }
    }

    private void open(ModelFiles files, Set<String> parts) {
        for (var part : parts) {
            var path = files.path(part)
                    .orElseThrow(
                            () -> new InvalidRequest("the model lacks the file " + part + " that its index names"));
            var file = OpenFile.open(part, path);
            this.files.add(file);
            for (var entry : SafetensorsHeader.read(file)) {
                var tensor = new StoredTensor(file, entry.begin(), entry.type(), entry.shape());
                if (tensors.put(entry.name(), tensor) != null) {
                    throw new InvalidRequest("two files have a tensor '" + entry.name() + "', one is " + part);
                }
            }
        }
    }

    private static String told(String title, Set<String> names) {
        if (names.isEmpty()) {
            return "";
        }
        var first = names.stream().limit(5).toList();
        return title
                + String.join(", ", first)
                + (names.size() > first.size() ? " and " + (names.size() - first.size()) + " more" : "");
    }

    @Override
    public void close() {
        files.forEach(OpenFile::close);
        files.clear();
    }
}
