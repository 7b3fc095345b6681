// SPDX-License-Identifier: Apache-2.0
#include "token_index.h"

#include <cstring>
#include <mutex>
#include <string>
#include <unordered_map>

#include "common.h"

namespace puna {

namespace {

// In strings, numbers, and between the parts of JSON at least two of them fit.
constexpr const char * FREQUENT = " \n\"01ae";

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
    add_probes();
}

void TokenIndex::add_probes() {
    for (int byte = 0; byte < END; byte++) {
        if (alone[byte] == LLAMA_TOKEN_NULL) {
            for (const auto token : starting_with[byte]) {
                probes.push_back({token, byte});
            }
            continue;
        }
        probes.push_back({alone[byte], byte});
        if (std::strchr(FREQUENT, byte) && byte != 0) {
            frequent.push_back(probes.back());
        }
    }
    if (!ends.empty()) {
        probes.push_back({ends.front(), END});
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
