// SPDX-License-Identifier: Apache-2.0
#include "penalties.h"

namespace puna {

// Backwards, because a token that was edited twice has its first value at the earlier entry.
Edits::~Edits() {
    for (auto edit = before_.rbegin(); edit != before_.rend(); ++edit) {
        logits_[edit->token] = edit->value;
    }
}

void Edits::set(llama_token token, float value) {
    before_.push_back({token, logits_[token]});
    logits_[token] = value;
}

Penalties::Penalties(const PenaltySettings & settings) : settings_(settings) {}

bool Penalties::enabled() const {
    return settings_.last_n != 0 &&
           (settings_.repeat != 1.0f || settings_.presence != 0.0f || settings_.frequency != 0.0f);
}

void Penalties::accept(llama_token token) {
    if (!enabled()) {
        return;
    }
    counts_[token]++;
    if (settings_.last_n < 0) {
        return;
    }
    if (window_.size() < static_cast<size_t>(settings_.last_n)) {
        window_.push_back(token);
        return;
    }
    const auto leaving = counts_.find(window_[oldest_]);
    if (--leaving->second == 0) {
        counts_.erase(leaving);
    }
    window_[oldest_] = token;
    oldest_          = (oldest_ + 1) % window_.size();
}

void Penalties::apply(Edits & logits) const {
    if (!enabled()) {
        return;
    }
    for (const auto & [token, count] : counts_) {
        // Dividing a negative logit would make the token more likely.
        const float logit    = logits[token];
        const float repeated = logit <= 0.0f ? logit * settings_.repeat : logit / settings_.repeat;
        logits.set(token, repeated - count * settings_.frequency - settings_.presence);
    }
}

}  // namespace puna
