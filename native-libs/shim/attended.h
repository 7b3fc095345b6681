// SPDX-License-Identifier: Apache-2.0
// One attention of a made-up cache and mask on a CPU plugin, for what tests and times it.
#pragma once

#include "products.h"

#include <cmath>

// What an attention is of; `cells` is a multiple of what ggml wants, 256.
struct Shape {
    int64_t size;    // of a head
    int64_t heads;   // of queries
    int64_t shared;  // heads of the cache
    int64_t rows;
    int64_t cells;
    ggml_type type     = GGML_TYPE_F16;
    float max_bias     = 0;
    float softcap      = 0;
    bool sinks         = false;
};

class Attended {
public:
    Attended(const Processor & processor, const Shape & shape)
        : processor_(processor),
          shape_(shape),
          context_(ggml_init({ ggml_tensor_overhead() * 16 + ggml_graph_overhead(), nullptr, true })) {
        // As llama.cpp has it: heads lie beside each other in a row of the batch and in a cell.
        auto * const c = context_.get();
        queries_       = ggml_new_tensor_3d(c, GGML_TYPE_F32, shape.size, shape.heads, shape.rows);
        keys_          = ggml_new_tensor_3d(c, shape.type, shape.size, shape.shared, shape.cells);
        values_        = ggml_new_tensor_3d(c, shape.type, shape.size, shape.shared, shape.cells);
        mask_          = ggml_new_tensor_2d(c, GGML_TYPE_F16, shape.cells, shape.rows);
        result_        = ggml_flash_attn_ext(c, ggml_permute(c, queries_, 0, 2, 1, 3), ggml_permute(c, keys_, 0, 2, 1, 3),
                                             ggml_permute(c, values_, 0, 2, 1, 3), mask_, scale(), shape.max_bias, shape.softcap);
        ggml_tensor * sinks = nullptr;
        if (shape.sinks) {
            sinks = ggml_new_tensor_1d(c, GGML_TYPE_F32, shape.heads);
            ggml_flash_attn_ext_add_sinks(result_, sinks);
        }
        buffer_.reset(ggml_backend_alloc_ctx_tensors(c, processor.get()));
        graph_ = ggml_new_graph(c);
        ggml_build_forward_expand(graph_, result_);
        const auto queries = noise(ggml_nelements(queries_), 1);
        ggml_backend_tensor_set(queries_, queries.data(), 0, ggml_nbytes(queries_));
        fill(keys_, 2);
        fill(values_, 3);
        if (sinks) {
            const auto numbers = noise(shape.heads, 4);
            ggml_backend_tensor_set(sinks, numbers.data(), 0, ggml_nbytes(sinks));
        }
    }

    // Of rows times cells; minus infinity hides a cell.
    void set_mask(const std::vector<float> & mask) {
        std::vector<ggml_fp16_t> halves(mask.size());
        ggml_fp32_to_fp16_row(mask.data(), halves.data(), static_cast<int64_t>(mask.size()));
        ggml_backend_tensor_set(mask_, halves.data(), 0, ggml_nbytes(mask_));
    }

    void compute() {
        if (ggml_backend_graph_compute(processor_.get(), graph_) != GGML_STATUS_SUCCESS) {
            throw std::runtime_error("the attention was not computed");
        }
    }

    std::vector<float> result() const { return floats(result_); }

    // The same in double precision, of a cache of half floats without anything special.
    std::vector<float> exact(const std::vector<float> & mask) const {
        const auto queries = floats(queries_), keys = halves(keys_), values = halves(values_);
        const auto [size, heads, shared, rows, cells] = std::make_tuple(shape_.size, shape_.heads, shape_.shared, shape_.rows, shape_.cells);
        std::vector<float> result(size * heads * rows);
        for (int64_t row = 0; row < rows; row++) {
            for (int64_t head = 0; head < heads; head++) {
                const int64_t at = head / (heads / shared) * size;
                std::vector<double> sums(size);
                double total = 0;
                for (int64_t cell = 0; cell < cells; cell++) {
                    double score = 0;
                    for (int64_t i = 0; i < size; i++) {
                        score += double(queries[(row * heads + head) * size + i]) * keys[cell * shared * size + at + i];
                    }
                    const double weight = std::exp(score * scale() + mask[row * cells + cell]);
                    total += weight;
                    for (int64_t i = 0; i < size; i++) {
                        sums[i] += weight * values[cell * shared * size + at + i];
                    }
                }
                for (int64_t i = 0; i < size; i++) {
                    result[(row * heads + head) * size + i] = total > 0 ? static_cast<float>(sums[i] / total) : 0;
                }
            }
        }
        return result;
    }

private:
    float scale() const { return 1 / std::sqrt(static_cast<float>(shape_.size)); }

    void fill(ggml_tensor * tensor, unsigned seed) {
        const auto numbers = noise(ggml_nelements(tensor), seed);
        std::vector<char> data(ggml_nbytes(tensor));
        ggml_quantize_chunk(tensor->type, numbers.data(), data.data(), 0, ggml_nrows(tensor), tensor->ne[0], nullptr);
        ggml_backend_tensor_set(tensor, data.data(), 0, data.size());
    }

    static std::vector<float> floats(const ggml_tensor * tensor) {
        std::vector<float> numbers(ggml_nelements(tensor));
        ggml_backend_tensor_get(tensor, numbers.data(), 0, ggml_nbytes(tensor));
        return numbers;
    }

    static std::vector<float> halves(const ggml_tensor * tensor) {
        std::vector<ggml_fp16_t> data(ggml_nelements(tensor));
        ggml_backend_tensor_get(tensor, data.data(), 0, ggml_nbytes(tensor));
        std::vector<float> numbers(data.size());
        ggml_fp16_to_fp32_row(data.data(), numbers.data(), static_cast<int64_t>(data.size()));
        return numbers;
    }

    const Processor & processor_;
    const Shape shape_;
    std::unique_ptr<ggml_context, FreeGgml> context_;
    std::unique_ptr<ggml_backend_buffer, FreeBuffer> buffer_;
    ggml_tensor * queries_ = nullptr;
    ggml_tensor * keys_    = nullptr;
    ggml_tensor * values_  = nullptr;
    ggml_tensor * mask_    = nullptr;
    ggml_tensor * result_  = nullptr;
    ggml_cgraph * graph_   = nullptr;
};
