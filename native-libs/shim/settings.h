// SPDX-License-Identifier: Apache-2.0
// The parameters of puna_sampler_init, read and checked; the grammar reads its own.
#pragma once

#include "filters.h"
#include "penalties.h"

#include "json.h"

#include <unordered_set>
#include <vector>

namespace puna {

struct Settings {
    uint32_t seed;
    Filters filters;
    PenaltySettings penalties;
    std::vector<llama_logit_bias> biases;   // the caller's, and the tokens that the model's own file bans
    std::unordered_set<llama_token> shown;  // control tokens to write out as text
};

Settings parse_settings(const llama_vocab * vocab, const common_json & params);

}  // namespace puna
