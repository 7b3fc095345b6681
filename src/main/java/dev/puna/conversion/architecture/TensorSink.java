// SPDX-License-Identifier: Apache-2.0
package dev.puna.conversion.architecture;

import dev.puna.conversion.tensor.Tensor;
import dev.puna.gguf.TensorType;
import java.util.List;

/** Takes the tensors of a GGUF in their order. */
public interface TensorSink {
    /** Takes a tensor whose type is that of the file, or 32 bit by the rules. */
    void add(String name, Tensor data);

    /** Takes a tensor that is to have this type. */
    void add(String name, Tensor data, TensorType type);

    /**
     * Takes a tensor whose blocks are made already.
     *
     * @param blocks bytes, as 8 bit elements
     * @param shape of its elements, slowest first
     */
    void addPacked(String name, Tensor blocks, TensorType type, List<Long> shape);
}
