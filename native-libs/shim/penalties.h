// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "puna_shim.h"

#include <unordered_map>
#include <vector>

namespace puna {

// What a sampler writes into the logits row and takes back afterwards: the row is llama.cpp's, and others may read it.
class Edits {
public:
    explicit Edits(float * logits) : logits_(logits) {}
    Edits(const Edits &)             = delete;
    Edits & operator=(const Edits &) = delete;
    ~Edits();

    float operator[](llama_token token) const { return logits_[token]; }
    void set(llama_token token, float value);

private:
    struct Before {
        llama_token token;
        float value;
    };

    float * logits_;
    std::vector<Before> before_;
};

struct PenaltySettings {
    float repeat    = 1.0f;
    float presence  = 0.0f;
    float frequency = 0.0f;
    int32_t last_n  = 64;  // -1: all
};

// Counts the last tokens and makes them less likely. The row is touched at those tokens only.
class Penalties {
public:
    explicit Penalties(const PenaltySettings & settings);

    void accept(llama_token token);
    void apply(Edits & logits) const;

private:
    bool enabled() const;

    PenaltySettings settings_;
    std::vector<llama_token> window_;  // a ring of last_n tokens, unused when all count
    size_t oldest_ = 0;
    std::unordered_map<llama_token, int32_t> counts_;
};

}  // namespace puna
