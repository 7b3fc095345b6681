// SPDX-License-Identifier: Apache-2.0
// Choosing among equal logits as llama.cpp does. A grammar that forbids what a model wants to say can leave it with nothing
// but equals; taking the lowest id of them each time then writes blanks where llama.cpp gets to the end.
#include "sampler.h"

#include <algorithm>
#include <cmath>

namespace {

// Up to this top_k llama.cpp sorts with std::partial_sort, whose order of equals follows from their places.
constexpr int32_t MOST_SORTED = 128;

bool by_logit(const puna::Candidate & a, const puna::Candidate & b) {
    return a.logit > b.logit;
}

}  // namespace

bool puna_sampler::breaks_ties() const {
    return filters_.top_k > 0 && filters_.top_k <= MOST_SORTED;
}

// Whether more than one token of the row has the highest logit.
bool puna_sampler::best_are_equal() {
    const auto best = row_.best();
    return best != LLAMA_TOKEN_NULL && row_.has_equals(best);
}

// In any order: whether more than one has the highest logit.
bool puna_sampler::best_are_equal(const puna::Candidates & candidates) {
    const auto best = std::min_element(candidates.begin(), candidates.end(), by_logit);
    return std::count_if(candidates.begin(), candidates.end(),
                         [best](const puna::Candidate & one) { return one.logit == best->logit; }) > 1;
}

// The whole vocabulary in its order, as llama.cpp's samplers begin with it.
void puna_sampler::take_all() {
    trial_.clear();
    for (size_t token = 0; token < row_.size(); token++) {
        const float logit = row_.values()[token];
        trial_.push_back({static_cast<llama_token>(token), std::isnan(logit) ? -INFINITY : logit, 0.0f});
    }
}

// The same, with all but some out of the question.
void puna_sampler::keep_only(const puna::Candidates & allowed) {
    trial_.clear();
    for (size_t token = 0; token < row_.size(); token++) {
        trial_.push_back({static_cast<llama_token>(token), -INFINITY, 0.0f});
    }
    for (const auto & candidate : allowed) {
        trial_[candidate.id].logit = candidate.logit;
    }
}

llama_token puna_sampler::choice_among_equals(double random) {
    const auto kept = std::min<size_t>(filters_.top_k, trial_.size());
    std::partial_sort(trial_.begin(), trial_.begin() + kept, trial_.end(), by_logit);
    trial_.resize(kept);
    trial_.erase(std::find_if(trial_.begin(), trial_.end(),
                              [](const puna::Candidate & one) { return !(one.logit > -INFINITY); }),
                 trial_.end());
    return trial_.empty() ? LLAMA_TOKEN_NULL : puna::draw(trial_, filters_, random, {});
}
