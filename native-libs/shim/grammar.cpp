// SPDX-License-Identifier: Apache-2.0
// Asking a grammar, and telling it what was generated.
#include "grammar.h"

#include "grammar_run.h"
#include "reasoning-budget.h"
#include "token_index.h"

#include <algorithm>
#include <cmath>

namespace puna {

bool Grammar::asleep() const {
    if (!thinking_) {
        return false;
    }
    const auto state = common_reasoning_budget_get_state(thinking_.get());
    return state != REASONING_BUDGET_IDLE && state != REASONING_BUDGET_DONE;
}

void Grammar::require_intact() const {
    if (broken_) {
        throw std::runtime_error("the generated text left the grammar");
    }
}

bool Grammar::allows(llama_token token) const {
    return fits(token) && (asleep() || !hides(token));
}

bool Grammar::fits(llama_token token) const {
    require_intact();
    if (asleep()) {
        return true;
    }
    Candidate candidate{token, 1.0f, 0.0f};
    llama_token_data_array one{&candidate, 1, -1, false};
    const GrammarRun run;
    llama_sampler_apply(sampler_.get(), &one);
    return candidate.logit != -INFINITY;
}

// llama.cpp takes a control token for the text of its name, which nobody sees: a string would be shorter than it has to be.
bool Grammar::hides(llama_token token) const {
    constexpr int hidden = LLAMA_TOKEN_ATTR_CONTROL | LLAMA_TOKEN_ATTR_UNKNOWN;
    return !lazy_ && reads_text_only_ && (llama_vocab_get_attr(vocab_, token) & hidden) != 0 &&
           !llama_vocab_is_eog(vocab_, token) && shown_.count(token) == 0;
}

void Grammar::constrain(Candidates & candidates) const {
    require_intact();
    llama_token_data_array array{candidates.data(), candidates.size(), -1, false};
    const GrammarRun run;
    llama_sampler_apply(sampler_.get(), &array);
    candidates.erase(std::remove_if(candidates.begin(), candidates.end(),
                                    [this](const Candidate & candidate) {
                                        return candidate.logit == -INFINITY || hides(candidate.id);
                                    }),
                     candidates.end());
}

// llama.cpp looks at every character of every token. But a token can only fit if the token that is just its first byte
// does (part of a character fits where some character that it begins does), and those are few: what begins with a byte
// that does not fit need not be looked at.
void Grammar::constrain_all(const float * logits, size_t vocabulary, Candidates & out) const {
    out.clear();
    const auto add = [&](llama_token token) {
        if (logits[token] > -INFINITY) {
            out.push_back({token, logits[token], 0.0f});
        }
    };
    if (!reads_text_only_) {
        for (size_t token = 0; token < vocabulary; token++) {
            add(static_cast<llama_token>(token));
        }
        return constrain(out);
    }
    const auto index = token_index(vocab_);
    std::array<bool, 256> possible;
    Candidates probes;
    for (size_t byte = 0; byte < possible.size(); byte++) {
        possible[byte] = index->alone[byte] == LLAMA_TOKEN_NULL;
        if (!possible[byte]) {
            probes.push_back({index->alone[byte], static_cast<float>(byte), 0.0f});
        }
    }
    constrain(probes);
    for (const auto & probe : probes) {
        possible[static_cast<size_t>(probe.logit)] = true;
    }
    for (size_t byte = 0; byte < possible.size(); byte++) {
        if (possible[byte]) {
            std::for_each(index->starting_with[byte].begin(), index->starting_with[byte].end(), add);
        }
    }
    std::for_each(index->ends.begin(), index->ends.end(), add);
    constrain(out);
}

// The end of the thinking may itself be, or begin, what triggers the grammar, so it is followed after all.
void Grammar::accept(llama_token token) {
    if (!asleep()) {
        if (thinking_) {
            llama_sampler_accept(thinking_.get(), token);
        }
        follow(token);
        return;
    }
    llama_sampler_accept(thinking_.get(), token);
    const auto * end = asleep() ? nullptr : common_reasoning_budget_get_end_match(thinking_.get());
    if (end) {
        for (const auto end_token : *end) {
            follow(end_token);
        }
    }
}

// When a text that a trigger replays does not fit, llama.cpp throws, and asserts on the next use: there must be none. Nor after
// a step that was stopped half-way.
void Grammar::follow(llama_token token) {
    broken_ = true;
    const GrammarRun run;
    llama_sampler_accept(sampler_.get(), token);
    broken_ = false;
}

}  // namespace puna
