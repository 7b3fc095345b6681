// SPDX-License-Identifier: Apache-2.0
// What has to come next in a grammar: asked byte by byte, of a copy that goes ahead.
#include "grammar.h"

#include "grammar_run.h"
#include "token_index.h"

#include <cmath>

namespace puna {

namespace {

constexpr int SEVERAL = -2;
constexpr int NOTHING = -1;

// What the texts that may follow begin with: the byte, or the end, if that is the same for all of them.
int only_beginning(llama_sampler * sampler, const std::vector<TokenIndex::Probe> & probes) {
    thread_local Candidates candidates;
    candidates.clear();
    for (const auto & probe : probes) {
        candidates.push_back({probe.token, static_cast<float>(probe.beginning), 0.0f});
    }
    llama_token_data_array array{candidates.data(), candidates.size(), -1, false};
    llama_sampler_apply(sampler, &array);
    int found = NOTHING;
    for (const auto & candidate : candidates) {
        if (candidate.logit == -INFINITY) {
            continue;
        }
        const int beginning = static_cast<int>(candidate.logit);
        if (found != NOTHING && found != beginning) {
            return SEVERAL;
        }
        found = beginning;
    }
    return found;
}

}  // namespace

// A byte is forced where no token fits that begins otherwise, and no end. In most places the first few say that it is not.
int Grammar::only_byte(llama_sampler * sampler) const {
    const auto index = token_index(vocab_);
    if (only_beginning(sampler, index->frequent) == SEVERAL) {
        return SEVERAL;
    }
    const int only = only_beginning(sampler, index->probes);
    return only >= 0 && only < TokenIndex::END && index->alone[only] != LLAMA_TOKEN_NULL ? only : SEVERAL;
}

std::string Grammar::forced(size_t most, bool & ended) const {
    ended = true;
    std::string text;
    if (broken_ || !reads_text_only_ || !small_ || asleep()) {
        return text;
    }
    const ForcedRun run;
    int byte = only_byte(sampler_.get());
    if (byte < 0) {
        return text;
    }
    const auto index = token_index(vocab_);
    const std::unique_ptr<llama_sampler, Free> ahead(llama_sampler_clone(sampler_.get()));
    while (byte >= 0 && text.size() < most) {
        text.push_back(static_cast<char>(byte));
        llama_sampler_accept(ahead.get(), index->alone[byte]);
        byte = only_byte(ahead.get());
    }
    ended = byte < 0;
    return text;
}

}  // namespace puna
