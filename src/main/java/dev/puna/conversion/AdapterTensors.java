// SPDX-License-Identifier: Apache-2.0
package dev.puna.conversion;

import dev.puna.conversion.architecture.TensorSink;
import dev.puna.conversion.tensor.LowRankTensor;
import dev.puna.conversion.tensor.Tensor;
import dev.puna.failure.InvalidRequest;
import dev.puna.gguf.TensorType;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Gathers the tensors of an adapter's file: two of 32 bits for each weight. <b>Threads:</b> one. */
final class AdapterTensors implements TensorSink {
    private static final String EMBEDDING = "token_embd.weight";

    private final List<OutputTensor> tensors = new ArrayList<>();
    private final Set<String> names = new HashSet<>();
    private boolean embeddings;
    private long shared;
    private long expert;
    private long experts;
    private long expertTensors;

    List<OutputTensor> tensors() {
        return List.copyOf(tensors);
    }

    /** Says whether the pairs that follow are of rows that are looked up. */
    void ofEmbeddings(boolean are) {
        embeddings = are;
    }

    /** Counts the weights that the adapter changes, as gguf-py does. */
    GeneralEntries.Parameters parameters() {
        return new GeneralEntries.Parameters(
                -shared - expert * experts / Math.max(1, expertTensors),
                shared,
                expert,
                expertTensors > 0 ? experts / expertTensors : 0);
    }

    @Override
    public void add(String name, Tensor data) {
        if (data instanceof LowRankTensor pair) {
            pair(name, pair);
        } else if (name.contains("_norm") && data.shape().size() == 1) {
            put(name, data);
            shared += data.elements();
        } else {
            throw new InvalidRequest("the adapter has a whole tensor for " + name + ", where two matrices are wanted");
        }
    }

    @Override
    public void add(String name, Tensor data, TensorType type) {
        add(name, data);
    }

    @Override
    public void addPacked(String name, Tensor blocks, TensorType type, List<Long> shape) {
        throw new InvalidRequest("the adapter has packed weights for " + name + ", where two matrices are wanted");
    }

    private void pair(String name, LowRankTensor pair) {
        if (embeddings != name.equals(EMBEDDING)) {
            throw new InvalidRequest("the adapter's matrices for " + name + " are " + (embeddings ? "" : "not ")
                    + "those of an embedding, which llama.cpp reads for " + EMBEDDING + " alone");
        }
        if (embeddings) {
            // Rows are looked up: llama.cpp wants them of A, and the rest of the product as columns of B.
            put(name + ".lora_a", pair.b());
            put(name + ".lora_b", pair.a().transpose(0, 1));
            // gguf-py takes the last dimension of A for the width of the product.
            shared += pair.a().elements();
            return;
        }
        put(name + ".lora_a", pair.a());
        put(name + ".lora_b", pair.b());
        if (name.contains("_exps.") && pair.shape().size() >= 3) {
            expert += pair.elements() / Math.max(1, pair.size(-3));
            experts += pair.size(-3);
            expertTensors++;
        } else {
            shared += pair.elements();
        }
    }

    private void put(String name, Tensor data) {
        if (!names.add(name)) {
            throw new InvalidRequest("the adapter has two tensors that become " + name);
        }
        tensors.add(new OutputTensor(name, data, TensorType.F32, data.shape(), false));
    }
}
