// SPDX-License-Identifier: Apache-2.0
#include "forced.h"

#include "common.h"

#include <algorithm>
#include <cctype>

namespace puna {

namespace {

// Tokens that are cut together with what follows them, since tokenizers look at what stands before.
constexpr size_t RECENT = 6;
// Bytes that are looked ahead.
constexpr size_t MOST_BYTES = 128;

enum class Kind { WORD, DIGIT, SPACE, SIGN };

Kind kind(char byte) {
    const auto value = static_cast<unsigned char>(byte);
    if (value >= 0x80 || std::isalpha(value)) {
        return Kind::WORD;
    }
    return std::isdigit(value) ? Kind::DIGIT : std::isspace(value) ? Kind::SPACE : Kind::SIGN;
}

// How much of a text has the same tokens whatever follows it. Tokenizers cut texts into words first, of letters, of digits, of signs
// or of blanks, some with a blank or a sign before them.
size_t certain_part(const std::string & text) {
    size_t start = text.size();
    while (start > 0 && kind(text[start - 1]) == kind(text.back())) {
        start--;
    }
    if (start > 0 && (kind(text[start - 1]) == Kind::SPACE || kind(text[start - 1]) == Kind::SIGN)) {
        start--;
    }
    return start;
}

bool continues_character(char byte) {
    return (static_cast<unsigned char>(byte) & 0xC0) == 0x80;
}

}  // namespace

ForcedTokens::ForcedTokens(const llama_vocab * vocab, const std::vector<llama_logit_bias> & biases) : vocab_(vocab) {
    for (const auto & bias : biases) {
        biased_.insert(bias.token);
    }
}

void ForcedTokens::accept(llama_token token) {
    const auto length = common_token_to_piece(vocab_, token, true).size();
    known_ -= std::min(known_, length);
    if (!due_.empty() && due_.front() == token) {
        due_.pop_front();
    } else {
        due_.clear();
    }
    if (recent_.size() == RECENT) {
        recent_.erase(recent_.begin());
    }
    recent_.push_back(token);
    looked_ = false;
}

llama_token ForcedTokens::next(const Grammar & grammar) {
    if (recent_.empty() || !grammar.awake()) {
        return LLAMA_TOKEN_NULL;
    }
    if (due_.empty() && known_ == 0 && !looked_) {
        looked_ = true;
        look_ahead(grammar);
    }
    if (!due_.empty() && !(usable(due_.front()) && grammar.allows(due_.front()))) {
        due_.clear();
    }
    return due_.empty() ? LLAMA_TOKEN_NULL : due_.front();
}

bool ForcedTokens::usable(llama_token token) const {
    constexpr int hidden = LLAMA_TOKEN_ATTR_CONTROL | LLAMA_TOKEN_ATTR_UNKNOWN;
    return !llama_vocab_is_eog(vocab_, token) && !(llama_vocab_get_attr(vocab_, token) & hidden) && biased_.count(token) == 0;
}

void ForcedTokens::look_ahead(const Grammar & grammar) {
    bool ended      = false;
    const auto text = grammar.forced(MOST_BYTES, ended);
    if (text.empty() || continues_character(text.front())) {
        return;
    }
    cut(text, certain_part(text));
    if (ended && !due_.empty()) {
        known_ = text.size();
    }
}

// Whether the model's last token is the tokenizer's: then it would cut what comes as the tokenizer does, but may not where it has not.
bool ForcedTokens::cut_alike(llama_token last, bool with_blank) const {
    const auto wrote = recent_.back();
    return last == wrote ||
           (with_blank && common_token_to_piece(vocab_, last, true) == " " + common_token_to_piece(vocab_, wrote, true));
}

// The tokens of the first bytes of a text, if one begins where the tokens so far end.
void ForcedTokens::cut(const std::string & text, size_t certain) {
    std::string whole;
    for (const auto token : recent_) {
        whole += common_token_to_piece(vocab_, token, true);
    }
    const size_t before = whole.size();
    whole += text;
    const auto tokens = common_tokenize(vocab_, whole, false, true);
    std::string pieces;
    std::vector<size_t> starts;
    for (const auto token : tokens) {
        starts.push_back(pieces.size());
        pieces += common_token_to_piece(vocab_, token, true);
    }
    starts.push_back(pieces.size());
    // Some tokenizers put a blank before every text.
    const size_t added = pieces.size() > whole.size() ? 1 : 0;
    if (pieces != std::string(added, ' ') + whole) {
        return;
    }
    const size_t first = std::find(starts.begin(), starts.end(), before + added) - starts.begin();
    if (first == 0 || first >= tokens.size() || !cut_alike(tokens[first - 1], first == 1 && added > 0)) {
        return;
    }
    for (size_t i = first; i < tokens.size() && starts[i + 1] <= before + added + certain; i++) {
        due_.push_back(tokens[i]);
    }
}

}  // namespace puna
