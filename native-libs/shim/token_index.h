// SPDX-License-Identifier: Apache-2.0
// The vocabulary by the first byte of each token's text, made once per model.
#pragma once

#include <array>
#include <memory>
#include <vector>

#include "puna_shim.h"

namespace puna {

struct TokenIndex {
    explicit TokenIndex(const llama_vocab * vocab);

    std::array<std::vector<llama_token>, 256> starting_with;  // without `ends` and tokens that have no text
    std::array<llama_token, 256> alone;                       // the token whose text is just this byte, or -1
    std::vector<llama_token> ends;                            // tokens that end a generation
};

std::shared_ptr<const TokenIndex> token_index(const llama_vocab * vocab);

// A new model may lie where a freed one was.
void forget_token_index(const llama_vocab * vocab);

}  // namespace puna
