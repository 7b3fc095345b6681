// SPDX-License-Identifier: Apache-2.0
// What a quantisation is told beside its type: rules for tensors, and an importance matrix.
#pragma once

#include "puna_shim.h"

#include <deque>
#include <string>
#include <utility>
#include <vector>

namespace puna {

// Throws if the work is no longer wanted.
void stop_if_cancelled(const puna_load * load);

// The plan of puna_quantize, read. Owns what the parameters point to, so it lives as long as they are used.
class WeightPlan {
public:
    // Throws at a line that it makes no sense of.
    explicit WeightPlan(const std::string & text);

    // Reads the matrix, finds which tensors of the model the rules mean, and puts all of it into the parameters.
    void apply(const char * input, const puna_load * load, llama_model_quantize_params & params);

private:
    struct Entry {
        std::string          name;
        uint64_t             offset;
        size_t               values;
        std::vector<int64_t> counts;
    };

    void read_entry(const std::string & text);
    void read_matrix(const puna_load * load);
    std::vector<float> read_values(const Entry & entry) const;
    void add_text(const char * key, const std::string & text);
    void add_number(const char * key, int64_t number);
    void find_tensors(const char * input, const puna_load * load, const llama_model_quantize_params & params);
    static void require_blocks(const std::string & tensor, int64_t columns, ggml_type type);
    void require_importance(const std::string & tensor, ggml_type type) const;

    bool        pure        = false;
    ggml_type   output      = GGML_TYPE_COUNT;
    ggml_type   embedding   = GGML_TYPE_COUNT;
    std::string matrix, matrix_name, dataset;
    bool        has_dataset = false;
    int64_t     chunks      = 0;
    std::vector<Entry> entries;
    std::vector<std::pair<std::string, ggml_type>> rules;

    std::deque<std::vector<float>>           values;
    std::vector<llama_model_imatrix_data>    importance;
    std::vector<llama_model_kv_override>     keys;
    std::deque<std::string>                  patterns;
    std::vector<llama_model_tensor_override> overrides;
};

}  // namespace puna
