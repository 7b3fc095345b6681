// SPDX-License-Identifier: Apache-2.0
// Products of made-up weights and rows on a CPU plugin, for what tests and times them.
#pragma once

#include "ggml-alloc.h"
#include "ggml-backend.h"
#include "ggml.h"

#include <dlfcn.h>

#include <map>
#include <memory>
#include <random>
#include <stdexcept>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

// What the plugin says of how well it suits this processor; 0 if it does not run here, 1 if it does not say.
inline int score_of(const std::string & plugin) {
    void * const handle = dlopen(plugin.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (!handle) {
        throw std::runtime_error(dlerror());
    }
    auto * const score = reinterpret_cast<int (*)()>(dlsym(handle, "ggml_backend_score"));
    const int result   = score ? score() : 1;
    dlclose(handle);
    return result;
}

struct FreeBackend {
    void operator()(ggml_backend_t backend) const { ggml_backend_free(backend); }
};
struct FreeBuffer {
    void operator()(ggml_backend_buffer_t buffer) const { ggml_backend_buffer_free(buffer); }
};
struct FreeGgml {
    void operator()(ggml_context * context) const { ggml_free(context); }
};

// The processor by a plugin that ggml has loaded.
class Processor {
public:
    explicit Processor(ggml_backend_reg_t plugin)
        : backend_(ggml_backend_dev_init(ggml_backend_reg_dev_get(plugin, 0), nullptr)),
          set_threads_(reinterpret_cast<ggml_backend_set_n_threads_t>(
              ggml_backend_reg_get_proc_address(plugin, "ggml_backend_set_n_threads"))) {}

    void use_threads(int threads) { set_threads_(backend_.get(), threads); }
    ggml_backend_t get() const { return backend_.get(); }

private:
    std::unique_ptr<ggml_backend, FreeBackend> backend_;
    ggml_backend_set_n_threads_t set_threads_;
};

inline std::vector<float> noise(size_t count, unsigned seed) {
    std::mt19937 random(seed);
    std::normal_distribution<float> normal;
    std::vector<float> values(count);
    for (auto & value : values) {
        value = normal(random);
    }
    return values;
}

// Made once for each type and size: finding the best numbers takes long for some types.
inline const std::vector<char> & made_weights(ggml_type type, int64_t outputs, int64_t width) {
    static std::map<std::tuple<ggml_type, int64_t, int64_t>, std::vector<char>> made;
    auto & data = made[{ type, outputs, width }];
    if (data.empty()) {
        const auto values = noise(width * outputs, 1);
        data.resize(ggml_row_size(type, width) * outputs);
        ggml_quantize_chunk(type, values.data(), data.data(), 0, outputs, width, nullptr);
    }
    return data;
}

// Weights of a type, `outputs` rows of `width` numbers each, times `rows` rows of floats.
class Product {
public:
    Product(const Processor & processor, ggml_type type, int64_t outputs, int64_t width, int64_t rows)
        : processor_(processor),
          context_(ggml_init({ ggml_tensor_overhead() * 8 + ggml_graph_overhead(), nullptr, true })) {
        weights_ = ggml_new_tensor_2d(context_.get(), type, width, outputs);
        input_   = ggml_new_tensor_2d(context_.get(), GGML_TYPE_F32, width, rows);
        output_  = ggml_mul_mat(context_.get(), weights_, input_);
        buffer_.reset(ggml_backend_alloc_ctx_tensors(context_.get(), processor.get()));
        graph_ = ggml_new_graph(context_.get());
        ggml_build_forward_expand(graph_, output_);
        const auto & data = made_weights(type, outputs, width);
        ggml_backend_tensor_set(weights_, data.data(), 0, data.size());
    }

    void set_rows(const std::vector<float> & values) {
        ggml_backend_tensor_set(input_, values.data(), 0, ggml_nbytes(input_));
    }

    void compute() {
        if (ggml_backend_graph_compute(processor_.get(), graph_) != GGML_STATUS_SUCCESS) {
            throw std::runtime_error("the product was not computed");
        }
    }

    std::vector<float> result() const {
        std::vector<float> values(ggml_nelements(output_));
        ggml_backend_tensor_get(output_, values.data(), 0, ggml_nbytes(output_));
        return values;
    }

private:
    const Processor & processor_;
    std::unique_ptr<ggml_context, FreeGgml> context_;
    std::unique_ptr<ggml_backend_buffer, FreeBuffer> buffer_;
    ggml_tensor * weights_ = nullptr;
    ggml_tensor * input_   = nullptr;
    ggml_tensor * output_  = nullptr;
    ggml_cgraph * graph_   = nullptr;
};
