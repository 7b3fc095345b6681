// SPDX-License-Identifier: Apache-2.0
// One row of logits: finding the best of it without building a structure per token.
#pragma once

#include "puna_shim.h"

#include <vector>

namespace puna {

using Candidate  = llama_token_data;
using Candidates = std::vector<Candidate>;

// Higher logit first; the lower token id breaks ties, so that every result is determined.
inline bool better(const Candidate & a, const Candidate & b) {
    return a.logit > b.logit || (a.logit == b.logit && a.id < b.id);
}

// A view of writable logits with the working memory that the searches need. Tokens whose logit is minus infinity or NaN
// are never found. Who changes the logits attaches them again.
class Logits {
public:
    void attach(float * values, size_t size);

    float * values() const { return values_; }
    size_t size() const { return size_; }

    // The token with the highest logit, or LLAMA_TOKEN_NULL.
    llama_token best();
    // Whether another token, whose id is higher, has the logit of best().
    bool has_equals(llama_token best);
    // The highest logit, or minus infinity.
    float highest();
    // The `count` best, best first (fewer when there are fewer).
    void top(size_t count, Candidates & out);
    // Log of the sum of exp over all of them.
    float log_sum_exp();
    // Sum of exp((logit - reference) / temperature) over those whose logit is at most `ceiling`.
    double mass_up_to(float ceiling, float reference, float temperature) const;

private:
    void measure();
    float count_th_maximum(size_t count);
    void collect(float floor, Candidates & out) const;

    float * values_ = nullptr;
    size_t size_    = 0;
    bool measured_  = false;  // whether maxima_ are those of the values
    std::vector<float> maxima_;
    std::vector<float> coarse_;
    std::vector<float> scratch_;
};

}  // namespace puna
