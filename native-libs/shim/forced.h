// SPDX-License-Identifier: Apache-2.0
// The tokens of text that a grammar leaves no choice about.
#pragma once

#include "grammar.h"

#include <string>
#include <vector>

namespace puna {

// Follows the tokens of one answer, and cuts forced text as the tokenizer does. Deterministic: what it says depends on the tokens
// so far and on nothing else.
class ForcedTokens {
public:
    explicit ForcedTokens(const llama_vocab * vocab) : vocab_(vocab) {}

    void accept(llama_token token);
    // The tokens, at most so many, that come next. None of text whose tokens may still be others, depending on what follows it: its
    // last word stays out.
    std::vector<llama_token> next(const Grammar & grammar, size_t most);

private:
    std::string recent(size_t & length) const;
    std::vector<llama_token> cut(const std::string & text, size_t certain) const;

    const llama_vocab * vocab_;
    std::vector<llama_token> recent_;
    size_t known_ = 0;  // bytes of forced text that are left to the sampler
};

}  // namespace puna
