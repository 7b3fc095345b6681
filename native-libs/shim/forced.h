// SPDX-License-Identifier: Apache-2.0
// The tokens of text that a grammar leaves no choice about.
#pragma once

#include "grammar.h"

#include <deque>
#include <string>
#include <unordered_set>
#include <vector>

namespace puna {

// Follows the tokens of one answer, and cuts forced text as the tokenizer does. What it says depends on the tokens so far and on
// nothing else, so it does not matter how many of them are taken at a time.
class ForcedTokens {
public:
    ForcedTokens(const llama_vocab * vocab, const std::vector<llama_logit_bias> & biases);

    // Once for each token of the answer, in order.
    void accept(llama_token token);
    // The token that comes next, or LLAMA_TOKEN_NULL where there is a choice. No token of text whose tokens may still be others,
    // depending on what follows it: its last word stays out. None that a bias speaks of either.
    llama_token next(const Grammar & grammar);

private:
    void look_ahead(const Grammar & grammar);
    void cut(const std::string & text, size_t certain);
    bool cut_alike(llama_token last, bool with_blank) const;
    bool usable(llama_token token) const;

    const llama_vocab * vocab_;
    std::unordered_set<llama_token> biased_;
    std::vector<llama_token> recent_;
    std::deque<llama_token> due_;
    size_t known_ = 0;     // bytes of forced text that are left to the sampler
    bool looked_  = false;  // since the last token
};

}  // namespace puna
