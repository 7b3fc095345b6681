// SPDX-License-Identifier: Apache-2.0
// Semantics and float arithmetic are those of llama.cpp's samplers in the order of its default chain, so that the same
// seed draws the same tokens (test.cpp compares with common_sampler).
#include "filters.h"

#include <algorithm>
#include <cmath>

namespace puna {

namespace {

// Sets p and returns nothing else: the softmax of the candidates with the unseen mass in the denominator.
void set_probabilities(Candidates & candidates, double unseen) {
    const float best = candidates.front().logit;
    float sum        = 0.0f;
    for (auto & candidate : candidates) {
        candidate.p = std::exp(candidate.logit - best);
        sum += candidate.p;
    }
    const float all = static_cast<float>(sum + unseen);
    for (auto & candidate : candidates) {
        candidate.p /= all;
    }
}

// Keeps the candidates whose surprise is nearest to the expected one until their probabilities pass `typical_p`.
void keep_typical(Candidates & candidates, float typical_p) {
    set_probabilities(candidates, 0);
    float entropy = 0.0f;
    for (const auto & candidate : candidates) {
        entropy -= candidate.p > 0.0f ? candidate.p * std::log(candidate.p) : 0.0f;
    }
    const auto distance = [entropy](const Candidate & candidate) {
        return std::fabs(-std::log(candidate.p) - entropy);
    };
    std::stable_sort(candidates.begin(), candidates.end(),
                     [&](const Candidate & a, const Candidate & b) { return distance(a) < distance(b); });
    float sum   = 0.0f;
    size_t kept = 0;
    while (kept < candidates.size() && sum <= typical_p) {
        sum += candidates[kept++].p;
    }
    candidates.resize(kept);
    std::sort(candidates.begin(), candidates.end(), better);
}

// Keeps the smallest head whose probabilities reach `top_p`; false when the candidates end before that.
bool keep_top_p(Candidates & candidates, float top_p, double unseen) {
    set_probabilities(candidates, unseen);
    float sum = 0.0f;
    for (size_t i = 0; i < candidates.size(); i++) {
        sum += candidates[i].p;
        if (sum >= top_p) {
            candidates.resize(i + 1);
            return true;
        }
    }
    return false;
}

// Keeps those at least `min_p` times as probable as the best; true when that ended the list.
bool keep_min_p(Candidates & candidates, float min_p) {
    const float floor = candidates.front().logit + std::log(min_p);
    const auto end    = std::find_if(candidates.begin() + 1, candidates.end(),
                                     [floor](const Candidate & candidate) { return candidate.logit < floor; });
    const bool cut    = end != candidates.end();
    candidates.erase(end, candidates.end());
    return cut;
}

}  // namespace

llama_token draw(Candidates & candidates, const Filters & filters, double random, Unseen unseen) {
    if (filters.greedy()) {
        return candidates.front().id;
    }
    if (filters.takes_typical()) {
        keep_typical(candidates, filters.typical_p);
    }
    if (filters.top_p < 1.0f && keep_top_p(candidates, filters.top_p, unseen.plain)) {
        unseen = {};
    }
    if (filters.min_p > 0.0f && keep_min_p(candidates, filters.min_p)) {
        unseen = {};
    }
    const float best = candidates.front().logit / filters.temperature;
    double sum       = 0;
    for (auto & candidate : candidates) {
        candidate.p = std::exp(candidate.logit / filters.temperature - best);
        sum += candidate.p;
    }
    const double target = (sum + unseen.tempered) * random;
    double passed       = 0;
    for (const auto & candidate : candidates) {
        passed += candidate.p;
        if (passed >= target) {
            return candidate.id;
        }
    }
    return unseen.tempered > 0 ? LLAMA_TOKEN_NULL : candidates.back().id;
}

}  // namespace puna
