// SPDX-License-Identifier: Apache-2.0
#include "token_index.h"

#include <mutex>
#include <string>
#include <unordered_map>

#include "common.h"

namespace puna {

namespace {

std::mutex guard;

std::unordered_map<const llama_vocab *, std::shared_ptr<const TokenIndex>> & known() {
    static std::unordered_map<const llama_vocab *, std::shared_ptr<const TokenIndex>> indexes;
    return indexes;
}

}  // namespace

TokenIndex::TokenIndex(const llama_vocab * vocab) {
    alone.fill(LLAMA_TOKEN_NULL);
    for (llama_token token = 0; token < llama_vocab_n_tokens(vocab); token++) {
        if (llama_vocab_is_eog(vocab, token)) {
            ends.push_back(token);
            continue;
        }
        const auto text = common_token_to_piece(vocab, token, true);
        if (text.empty()) {
            continue;
        }
        const auto first = static_cast<unsigned char>(text.front());
        starting_with[first].push_back(token);
        if (text.size() == 1) {
            alone[first] = token;
        }
    }
}

std::shared_ptr<const TokenIndex> token_index(const llama_vocab * vocab) {
    const std::lock_guard<std::mutex> locked(guard);
    auto & index = known()[vocab];
    if (!index) {
        index = std::make_shared<const TokenIndex>(vocab);
    }
    return index;
}

void forget_token_index(const llama_vocab * vocab) {
    const std::lock_guard<std::mutex> locked(guard);
    known().erase(vocab);
}

}  // namespace puna
