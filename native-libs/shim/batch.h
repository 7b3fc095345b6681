// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "puna_shim.h"

namespace puna {

// Whether no other thread computes a graph of this context.
bool computes_alone(const llama_context * context);

// llama_decode over flat arrays in which every token belongs to one sequence. `outputs` is NULL for embeddings.
int32_t decode(llama_context * context, int32_t n_tokens, const llama_token * tokens, const llama_pos * positions,
               const llama_seq_id * sequences, const int8_t * outputs);

}  // namespace puna
