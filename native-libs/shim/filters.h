// SPDX-License-Identifier: Apache-2.0
// The part of sampling that works on few candidates: typical_p, top_p, min_p, temperature and the draw.
#pragma once

#include "logits.h"

namespace puna {

struct Filters {
    int32_t top_k     = 40;  // <= 0: the whole vocabulary
    float typical_p   = 1.0f;
    float top_p       = 0.9f;
    float min_p       = 0.0f;
    float temperature = 0.8f;

    bool greedy() const { return temperature <= 0.0f; }
    bool takes_typical() const { return typical_p < 1.0f; }
};

// Tokens worse than every candidate that take part in the softmax without being listed: their mass relative to the best
// candidate's, before and after the temperature.
struct Unseen {
    double plain    = 0;
    double tempered = 0;
};

// The token that `random`, uniform in [0, 1), stands for. `candidates` are sorted best first, not empty, and used up.
// LLAMA_TOKEN_NULL when the draw falls among the unseen. typical_p needs every candidate to be seen.
llama_token draw(Candidates & candidates, const Filters & filters, double random, Unseen unseen);

}  // namespace puna
