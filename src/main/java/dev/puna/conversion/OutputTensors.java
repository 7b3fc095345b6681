// SPDX-License-Identifier: Apache-2.0
package dev.puna.conversion;

import dev.puna.conversion.architecture.Architecture;
import dev.puna.conversion.architecture.FileType;
import dev.puna.conversion.architecture.TensorSink;
import dev.puna.conversion.tensor.Tensor;
import dev.puna.failure.InvalidRequest;
import dev.puna.gguf.TensorType;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Gathers the tensors of a file and gives each its type. <b>Threads:</b> one. */
final class OutputTensors implements TensorSink {
    private final Architecture model;
    private FileType fileType;
    /** What tensors have of which nothing else is known. */
    private final TensorType usual;

    private final List<OutputTensor> tensors = new ArrayList<>();
    private final Set<String> names = new HashSet<>();

    OutputTensors(Architecture model, FileType fileType) {
        this.model = model;
        this.fileType = fileType;
        this.usual = fileType.tensors();
    }

    /** Lets the architecture make of a tensor what it will. */
    void add(String name, Tensor data, int block) {
        try {
            model.tensor(name, data, block, this);
        } catch (IllegalArgumentException | ArithmeticException | IndexOutOfBoundsException e) {
            throw new InvalidRequest(
                    "tensor " + name + " of shape " + data.shape() + " contradicts config.json: " + e.getMessage());
        }
    }

    List<OutputTensor> tensors() {
        return List.copyOf(tensors);
    }

    FileType fileType() {
        return fileType;
    }

    @Override
    public void add(String name, Tensor data) {
        var type = model.full(name, data.shape().size())
                ? TensorType.F32
                : model.fixedType(name).orElse(usual);
        add(name, data, type);
    }

    @Override
    public void add(String name, Tensor data, TensorType type) {
        add(new OutputTensor(name, data, type, data.shape(), false));
    }

    @Override
    public void addPacked(String name, Tensor blocks, TensorType type, List<Long> shape) {
        if (type == TensorType.MXFP4) {
            fileType = FileType.MXFP4;
        }
        add(new OutputTensor(name, blocks, type, shape, true));
    }

    private void add(OutputTensor tensor) {
        if (!names.add(tensor.name())) {
            throw new InvalidRequest("the weights have two tensors that become " + tensor.name());
        }
        tensors.add(tensor);
    }

    /** Counts parameters as gguf-py does, for the label of the size. */
    GeneralEntries.Parameters parameters() {
        var total = 0L;
        var shared = 0L;
        var expert = 0L;
        var experts = 0L;
        var expertTensors = 0;
        for (var tensor : tensors) {
            var elements = tensor.shape().stream().reduce(1L, (one, other) -> one * other);
            var dimensions = tensor.shape().size();
            if (tensor.name().contains("_exps.") && dimensions >= 3) {
                var count = tensor.shape().get(dimensions - (tensor.name().contains(".bias") ? 2 : 3));
                expert += elements / Math.max(1, count);
                experts += count;
                expertTensors++;
            } else {
                shared += elements;
            }
            total += elements;
        }
        return new GeneralEntries.Parameters(total, shared, expert, expertTensors > 0 ? experts / expertTensors : 0);
    }
}
