// SPDX-License-Identifier: Apache-2.0
#include "batch.h"

#include <stdexcept>
#include <string>
#include <vector>

namespace {

// llama.cpp asserts, that is ends the process, on batches larger than the context was made for. `whole` batches must not
// be cut into physical ones either, since a sequence whose parts are computed apart would be pooled wrongly.
void require_fitting(llama_context * context, int32_t n_tokens, bool whole) {
    const auto limit = whole ? llama_n_ubatch(context) : llama_n_batch(context);
    if (n_tokens <= 0 || static_cast<uint32_t>(n_tokens) > limit) {
        throw std::invalid_argument("a batch of " + std::to_string(n_tokens) + " tokens where 1 to " +
                                    std::to_string(limit) + " are possible");
    }
}

}  // namespace

namespace puna {

bool computes_alone(const llama_context * context) {
    auto * same = const_cast<llama_context *>(context);  // It is only read.
    return llama_n_threads(same) <= 1 && llama_n_threads_batch(same) <= 1;
}

int32_t decode(llama_context * context, int32_t n_tokens, const llama_token * tokens, const llama_pos * positions,
               const llama_seq_id * sequences, const int8_t * outputs) {
    require_fitting(context, n_tokens, outputs == nullptr || llama_get_memory(context) == nullptr);
    // Grown once and kept, since a step must not allocate.
    thread_local std::vector<int32_t> one_each;
    thread_local std::vector<llama_seq_id *> sequence_of;
    if (one_each.size() < static_cast<size_t>(n_tokens)) {
        one_each.assign(n_tokens, 1);
        sequence_of.resize(n_tokens);
    }
    // llama_decode takes pointers to mutable data and changes none of it.
    for (int32_t i = 0; i < n_tokens; i++) {
        sequence_of[i] = const_cast<llama_seq_id *>(sequences + i);
    }
    llama_batch batch{};
    batch.n_tokens = n_tokens;
    batch.token    = const_cast<llama_token *>(tokens);
    batch.pos      = const_cast<llama_pos *>(positions);
    batch.n_seq_id = one_each.data();
    batch.seq_id   = sequence_of.data();
    batch.logits   = const_cast<int8_t *>(outputs);
    return llama_decode(context, batch);
}

}  // namespace puna
