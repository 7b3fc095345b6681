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

    // A token for each byte that one may begin with, all of them where none is just that byte; and what ends a generation.
    struct Probe {
        llama_token token;
        int beginning;  // a byte, or END
    };
    static constexpr int END = 256;
    std::vector<Probe> probes;
    std::vector<Probe> frequent;  // those of them that fit in most places

private:
    void add_probes();
};

std::shared_ptr<const TokenIndex> token_index(const llama_vocab * vocab);

// A new model may lie where a freed one was.
void forget_token_index(const llama_vocab * vocab);

}  // namespace puna
