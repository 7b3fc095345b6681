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

void ForcedTokens::accept(llama_token token) {
    const auto length = common_token_to_piece(vocab_, token, true).size();
    known_ -= std::min(known_, length);
    if (recent_.size() == RECENT) {
        recent_.erase(recent_.begin());
    }
    recent_.push_back(token);
}

std::vector<llama_token> ForcedTokens::next(const Grammar & grammar, size_t most) {
    if (known_ > 0) {
        return {};
    }
    bool ended      = false;
    const auto text = grammar.forced(MOST_BYTES, ended);
    if (text.empty() || continues_character(text.front())) {
        return {};
    }
    auto tokens = cut(text, certain_part(text));
    if (tokens.size() > most) {
        tokens.resize(most);
    } else if (ended && !tokens.empty()) {
        known_ = text.size();
    }
    return tokens;
}

// The text of the last tokens.
std::string ForcedTokens::recent(size_t & length) const {
    std::string text;
    for (const auto token : recent_) {
        text += common_token_to_piece(vocab_, token, true);
    }
    length = text.size();
    return text;
}

// The tokens of the first bytes of a text, if one begins where the tokens so far end.
std::vector<llama_token> ForcedTokens::cut(const std::string & text, size_t certain) const {
    size_t before    = 0;
    const auto whole = recent(before) + text;
    const auto all   = common_tokenize(vocab_, whole, false, true);
    std::vector<llama_token> tokens;
    std::string pieces;
    std::vector<size_t> starts;
    for (const auto token : all) {
        starts.push_back(pieces.size());
        pieces += common_token_to_piece(vocab_, token, true);
    }
    // Some tokenizers put a blank before every text.
    const size_t added = pieces.size() > whole.size() ? 1 : 0;
    if (pieces != std::string(added, ' ') + whole) {
        return tokens;
    }
    starts.push_back(pieces.size());
    const size_t begin = before + added;
    const auto first   = std::find(starts.begin(), starts.end(), begin) - starts.begin();
    for (size_t i = first; i < all.size() && starts[i + 1] <= begin + certain; i++) {
        constexpr int hidden = LLAMA_TOKEN_ATTR_CONTROL | LLAMA_TOKEN_ATTR_UNKNOWN;
        if (llama_vocab_is_eog(vocab_, all[i]) || (llama_vocab_get_attr(vocab_, all[i]) & hidden)) {
            break;
        }
        tokens.push_back(all[i]);
    }
    return tokens;
}

}  // namespace puna
