// SPDX-License-Identifier: Apache-2.0
#include "sampler.h"

#include "grammar_run.h"
#include "support.h"

#include <algorithm>
#include <cmath>

using puna::guarded;

namespace {

// How many candidates to look at first where nothing bounds them; usually all of the probability lies there.
constexpr size_t FIRST_CANDIDATES = 256;
constexpr size_t GROWTH           = 16;

}  // namespace

puna_sampler::puna_sampler(const llama_model * model, const common_json & params)
    : puna_sampler(llama_model_get_vocab(model), puna::parse_settings(llama_model_get_vocab(model), params)) {
    if (!params.value("grammar", "").empty()) {
        grammar_ = std::make_unique<puna::Grammar>(llama_model_get_vocab(model), params, shown_);
        if (params.value("forced_text", true)) {
            forced_ = std::make_unique<puna::ForcedTokens>(llama_model_get_vocab(model), biases_);
        }
    }
}

puna_sampler::puna_sampler(const llama_vocab * vocab, const puna::Settings & settings)
    : vocabulary_(llama_vocab_n_tokens(vocab)),
      filters_(settings.filters),
      penalties_(settings.penalties),
      biases_(settings.biases),
      shown_(settings.shown),
      generator_(settings.seed) {}

llama_token puna_sampler::sample(float * logits) {
    const auto only = forced();
    if (only != LLAMA_TOKEN_NULL) {
        return only;
    }
    puna::Edits edits(logits);
    for (const auto & [token, bias] : biases_) {
        edits.set(token, edits[token] + bias);
    }
    penalties_.apply(edits);
    row_.attach(logits, vocabulary_);
    const auto token = choose();
    if (token == LLAMA_TOKEN_NULL) {
        throw std::runtime_error("the model gave no token a finite logit");
    }
    return token;
}

// Checking one token against a grammar costs microseconds, constraining the vocabulary milliseconds; most tokens fit.
llama_token puna_sampler::choose() {
    const double drawn = filters_.greedy() ? 0.0 : random();
    auto token         = LLAMA_TOKEN_NULL;
    if (grammar_ && breaks_ties() && best_are_equal()) {
        take_all();
        token = choice_among_equals(drawn);
    } else {
        token = filters_.greedy() ? row_.best() : free_choice(drawn);
    }
    if (token == LLAMA_TOKEN_NULL || !grammar_ || grammar_->allows(token)) {
        return token;
    }
    return constrained_choice(filters_.greedy() ? 0.0 : random());
}

// Without top_k the vocabulary takes part, but its tail only as a sum, until a draw falls into it.
llama_token puna_sampler::free_choice(double random) {
    const bool bounded = filters_.top_k > 0;
    for (size_t count = bounded ? filters_.top_k : FIRST_CANDIDATES;; count *= GROWTH) {
        row_.top(count, candidates_);
        if (candidates_.empty()) {
            return LLAMA_TOKEN_NULL;
        }
        const bool complete = bounded || candidates_.size() < count;
        if (!complete && filters_.takes_typical()) {
            continue;
        }
        puna::Unseen unseen;
        if (!complete) {
            unseen = rest(candidates_, candidates_.front().logit);
            if (filters_.top_p < 1.0f) {
                // How much of the rest top_p keeps is not known, so only a cut before it settles the draw.
                unseen.tempered = INFINITY;
            }
        }
        const auto token = puna::draw(candidates_, filters_, random, unseen);
        if (token != LLAMA_TOKEN_NULL) {
            return token;
        }
    }
}

// The same token as constraining the whole vocabulary gives, found among the best few where that is certain.
llama_token puna_sampler::constrained_choice(double random) {
    const auto token = choice_among_best(random);
    if (token != LLAMA_TOKEN_NULL) {
        return token;
    }
    grammar_->constrain_all(row_.values(), row_.size(), candidates_);
    if (candidates_.empty()) {
        throw std::runtime_error("no token of the vocabulary fits the grammar here");
    }
    if (breaks_ties() && best_are_equal(candidates_)) {
        keep_only(candidates_);
        return choice_among_equals(random);
    }
    const size_t kept = filters_.top_k > 0 ? filters_.top_k : candidates_.size();
    if (kept < candidates_.size()) {
        std::nth_element(candidates_.begin(), candidates_.begin() + kept, candidates_.end(), puna::better);
        candidates_.resize(kept);
    }
    std::sort(candidates_.begin(), candidates_.end(), puna::better);
    return puna::draw(candidates_, filters_, random, {});
}

// LLAMA_TOKEN_NULL unless the draw comes out the same whether none or all of the tokens not looked at fit the grammar.
llama_token puna_sampler::choice_among_best(double random) {
    row_.top(FIRST_CANDIDATES, candidates_);
    trial_ = candidates_;
    grammar_->constrain(trial_);
    const size_t enough = filters_.top_k > 0 ? filters_.top_k : vocabulary_;
    if (trial_.empty() || (breaks_ties() && best_are_equal(trial_))) {
        return LLAMA_TOKEN_NULL;
    }
    if (filters_.greedy() || trial_.size() >= enough) {
        trial_.resize(std::min(trial_.size(), enough));
        return puna::draw(trial_, filters_, random, {});
    }
    if (filters_.takes_typical()) {
        return LLAMA_TOKEN_NULL;
    }
    const auto unseen       = rest(candidates_, trial_.front().logit);
    candidates_             = trial_;
    const auto if_none_fits = puna::draw(trial_, filters_, random, {});
    const auto if_all_fit   = puna::draw(candidates_, filters_, random, unseen);
    return if_none_fits == if_all_fit ? if_none_fits : LLAMA_TOKEN_NULL;
}

// The mass of every token that is worse than the seen ones, relative to `reference`.
puna::Unseen puna_sampler::rest(const puna::Candidates & seen, float reference) const {
    const float worst = seen.back().logit;
    const auto ties   = std::count_if(seen.begin(), seen.end(), [&](const auto & one) { return one.logit == worst; });
    const auto mass   = [&](float temperature) {
        const double with_ties = row_.mass_up_to(worst, reference, temperature);
        return std::max(0.0, with_ties - ties * std::exp((worst - reference) / temperature));
    };
    puna::Unseen unseen;
    unseen.plain    = filters_.top_p < 1.0f ? mass(1.0f) : 0.0;
    unseen.tempered = mass(filters_.temperature);
    return unseen;
}

double puna_sampler::random() {
    return std::uniform_real_distribution<double>(0.0, 1.0)(generator_);
}

void puna_sampler::accept_prompt(llama_token token) {
    if (token >= 0 && static_cast<size_t>(token) < vocabulary_) {
        penalties_.accept(token);
    }
}

void puna_sampler::accept(llama_token token) {
    if (grammar_) {
        grammar_->accept(token);
    }
    if (forced_) {
        forced_->accept(token);
    }
    penalties_.accept(token);
}

llama_token puna_sampler::forced() {
    try {
        return forced_ ? forced_->next(*grammar_) : LLAMA_TOKEN_NULL;
    } catch (const std::exception &) {
        // The answer goes on without.
        forced_.reset();
        return LLAMA_TOKEN_NULL;
    }
}

int32_t puna_sampler::force(llama_token * tokens, int32_t most) {
    int32_t count = 0;
    for (auto token = LLAMA_TOKEN_NULL; count < most && (token = forced()) != LLAMA_TOKEN_NULL;) {
        accept(token);
        tokens[count++] = token;
    }
    return count;
}

puna_sampler * puna_sampler_init(const llama_model * model, const char * params, int32_t * reason, char ** error) {
    *reason = 0;
    return guarded<puna_sampler *>(error, nullptr, [&] {
        try {
            return new puna_sampler(model, common_json::parse(params && *params ? params : "{}"));
        } catch (const puna::GrammarTooCostly &) {
            *reason = PUNA_TOO_COSTLY;
            throw;
        }
    });
}

void puna_sampler_free(puna_sampler * sampler) {
    delete sampler;
}

void puna_sampler_accept_prompt(puna_sampler * sampler, const llama_token * tokens, int32_t n_tokens) {
    guarded<int>(nullptr, 0, [&] {
        for (int32_t i = 0; i < n_tokens; i++) {
            sampler->accept_prompt(tokens[i]);
        }
        return 0;
    });
}
