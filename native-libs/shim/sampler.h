// SPDX-License-Identifier: Apache-2.0
// One sequence's sampling state, behind the C interface's puna_sampler.
#pragma once

#include "forced.h"
#include "grammar.h"
#include "settings.h"

#include <memory>
#include <random>
#include <unordered_set>
#include <vector>

struct puna_sampler {
    puna_sampler(const llama_model * model, const common_json & params);

    // The next token for these logits, which are back to what they were when this returns. Throws when none is
    // possible.
    llama_token sample(float * logits);
    void accept_prompt(llama_token token);
    void accept(llama_token token);

    // Accepts the tokens, at most so many, that come next because the grammar leaves no choice, and tells their number. Where there
    // are more, sample() gives the next one.
    int32_t force(llama_token * tokens, int32_t most);

    // Whether the token's text is shown although it is a control token: the answer's parser needs to see it.
    bool shows(llama_token token) const { return shown_.count(token) != 0; }

private:
    llama_token forced();
    puna_sampler(const llama_vocab * vocab, const puna::Settings & settings);

    llama_token choose();
    llama_token free_choice(double random);
    llama_token constrained_choice(double random);
    llama_token choice_among_best(double random);

    bool breaks_ties() const;
    bool best_are_equal();
    static bool best_are_equal(const puna::Candidates & candidates);
    void take_all();
    void keep_only(const puna::Candidates & allowed);
    llama_token choice_among_equals(double random);

    puna::Unseen rest(const puna::Candidates & seen, float reference) const;
    double random();

    size_t vocabulary_;
    puna::Filters filters_;
    puna::Penalties penalties_;
    std::vector<llama_logit_bias> biases_;
    std::unique_ptr<puna::Grammar> grammar_;
    std::unique_ptr<puna::ForcedTokens> forced_;  // NULL where no grammar could tell any
    std::unordered_set<llama_token> shown_;
    std::mt19937 generator_;
    puna::Logits row_;
    puna::Candidates candidates_;
    puna::Candidates trial_;
};
