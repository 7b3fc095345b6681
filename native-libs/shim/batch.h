// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "puna_shim.h"

namespace puna {

// llama_decode over flat arrays in which every token belongs to one sequence. `outputs` is NULL for embeddings.
int32_t decode(llama_context * context, int32_t n_tokens, const llama_token * tokens, const llama_pos * positions,
               const llama_seq_id * sequences, const int8_t * outputs);

}  // namespace puna
