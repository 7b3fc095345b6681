// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "logits.h"

#include "json.h"

#include <memory>
#include <string>
#include <unordered_set>

namespace puna {

// A GBNF grammar that follows the generated tokens. Lazy ones let everything pass until a trigger was generated, and
// look for none while the model thinks aloud.
class Grammar {
public:
    // `params` as puna_sampler_init takes them, with a grammar in them. `shown` are the control tokens whose text is shown; they have to
    // outlive the grammar.
    Grammar(const llama_vocab * vocab, const common_json & params, const std::unordered_set<llama_token> & shown);

    bool allows(llama_token token) const;
    // Drops the candidates that the grammar does not allow; keeps the order.
    void constrain(Candidates & candidates) const;
    // Every token of the vocabulary that the grammar allows and whose logit is finite, in no order.
    void constrain_all(const float * logits, size_t vocabulary, Candidates & out) const;
    // Only for tokens that were allowed: llama.cpp ends the process on others.
    void accept(llama_token token);

    // Whether it says what may come: not while the model thinks.
    bool awake() const { return !asleep(); }
    // The bytes, at most so many, that come next whatever the tokens; none where nobody knows. `ended` tells whether they are all:
    // what follows them is open.
    std::string forced(size_t most, bool & ended) const;

private:
    bool asleep() const;
    bool fits(llama_token token) const;
    bool hides(llama_token token) const;
    void require_intact() const;
    void follow(llama_token token);
    int only_byte(llama_sampler * sampler) const;
    void begin(const llama_vocab * vocab, const common_json & params);
    void watch_thinking(const llama_vocab * vocab, const common_json & params);

    struct Free {
        void operator()(llama_sampler * sampler) const { llama_sampler_free(sampler); }
    };

    std::unique_ptr<llama_sampler, Free> sampler_;
    std::unique_ptr<llama_sampler, Free> thinking_;  // NULL, or llama-common's state machine of thinking blocks
    const llama_vocab * vocab_;
    const std::unordered_set<llama_token> & shown_;
    bool lazy_;
    bool reads_text_only_;  // no rule names a token by its number or name
    bool small_;            // a copy of it costs little
    bool broken_ = false;
};

}  // namespace puna
