// SPDX-License-Identifier: Apache-2.0
// Making a grammar from its source, its triggers and what the prompt holds of it already.
#include "grammar.h"

#include "common.h"
#include "grammar_run.h"
#include "reasoning-budget.h"
#include "support.h"

#include <climits>

namespace puna {

namespace {

struct Triggers {
    std::vector<llama_token> tokens;
    std::vector<std::string> patterns;
};

std::string anchored(const std::string & pattern) {
    if (pattern.empty()) {
        return "^$";
    }
    return (pattern.front() == '^' ? "" : "^") + pattern + (pattern.back() == '$' ? "" : "$");
}

// A word that is one special token is watched for as that token; others as text, which tokens may cut anywhere.
void add_word(const llama_vocab * vocab, const std::string & word, Triggers & triggers) {
    constexpr int special = LLAMA_TOKEN_ATTR_CONTROL | LLAMA_TOKEN_ATTR_USER_DEFINED;
    const auto tokens     = common_tokenize(vocab, word, false, true);
    if (tokens.size() == 1 && (llama_vocab_get_attr(vocab, tokens.front()) & special)) {
        triggers.tokens.push_back(tokens.front());
    } else {
        triggers.patterns.push_back(regex_escape(word));
    }
}

Triggers parse_triggers(const llama_vocab * vocab, const common_json & list) {
    Triggers triggers;
    for (const auto & trigger : list) {
        const auto type  = trigger.at("type").get<std::string>();
        const auto value = trigger.value("value", "");
        if (type == "token") {
            triggers.tokens.push_back(trigger.at("token").get<int>());
        } else if (type == "word") {
            add_word(vocab, value, triggers);
        } else if (type == "pattern") {
            triggers.patterns.push_back(value);
        } else if (type == "pattern_full") {
            triggers.patterns.push_back(anchored(value));
        } else {
            throw std::invalid_argument("a grammar trigger has the unknown type \"" + type + "\"");
        }
    }
    if (triggers.tokens.empty() && triggers.patterns.empty()) {
        throw std::invalid_argument("a lazy grammar has no trigger");
    }
    return triggers;
}

// Some tokenizers put a space before the first token that is not in the text.
std::vector<llama_token> prefill_tokens(const llama_vocab * vocab, const std::string & prefill) {
    auto tokens = common_tokenize(vocab, prefill, false, true);
    if (!tokens.empty() && prefill.front() != ' ' && common_token_to_piece(vocab, tokens.front()) == " ") {
        tokens.erase(tokens.begin());
    }
    return tokens;
}

llama_sampler * make(const llama_vocab * vocab, const common_json & params, const std::string & source) {
    if (!params.value("grammar_lazy", false)) {
        return llama_sampler_init_grammar(vocab, source.c_str(), "root");
    }
    const auto triggers = parse_triggers(vocab, params.value("grammar_triggers", common_json::array()));
    std::vector<const char *> patterns;
    for (const auto & pattern : triggers.patterns) {
        patterns.push_back(pattern.c_str());
    }
    return llama_sampler_init_grammar_lazy_patterns(vocab, source.c_str(), "root", patterns.data(), patterns.size(),
                                                    triggers.tokens.data(), triggers.tokens.size());
}

// Whether no rule names a token as <name> or <[number]>: whether there is a "<" outside of literals, sets and comments.
bool names_no_tokens(const std::string & source) {
    char inside = 0;
    for (size_t i = 0; i < source.size(); i++) {
        const char at = source[i];
        if (inside && inside != '\n' && at == '\\') {
            i++;
        } else if (inside) {
            inside = at == inside ? 0 : inside;
        } else if (at == '"' || at == '[' || at == '#') {
            inside = at == '"' ? '"' : at == '[' ? ']' : '\n';
        } else if (at == '<') {
            return false;
        }
    }
    return true;
}

// Bytes of a grammar in memory, and in llama.cpp's notation, whose copy costs less than a millisecond.
constexpr size_t SMALL        = size_t(256) << 10;
constexpr size_t SMALL_SOURCE = size_t(64) << 10;

}  // namespace

Grammar::Grammar(const llama_vocab * vocab, const common_json & params, const std::unordered_set<llama_token> & shown)
    : vocab_(vocab), shown_(shown), lazy_(params.value("grammar_lazy", false)) {
    const auto source = params.at("grammar").get<std::string>();
    reads_text_only_  = names_no_tokens(source);
    forget_log();
    const GrammarRun run;
    sampler_.reset(make(vocab, params, source));
    // llama.cpp's parser catches what stops it.
    if (run.bound() != Bound::NONE) {
        throw GrammarTooCostly();
    }
    small_ = run.held() <= SMALL && source.size() <= SMALL_SOURCE;
    if (!sampler_) {
        throw std::invalid_argument("the grammar cannot be used: " + logged_errors("failed to parse grammar"));
    }
    begin(vocab, params);
}

// A grammar of the chat format describes the whole answer, whose beginning the template may have written already.
void Grammar::begin(const llama_vocab * vocab, const common_json & params) {
    const auto prefill = params.value("grammar_prefill", "");
    const auto tokens  = prefill.empty() ? std::vector<llama_token>() : prefill_tokens(vocab, prefill);
    if (params.value("grammar_lazy", false)) {
        watch_thinking(vocab, params);
        for (const auto token : tokens) {
            if (thinking_) {
                llama_sampler_accept(thinking_.get(), token);
            }
        }
        return;
    }
    for (const auto token : tokens) {
        if (!fits(token)) {
            throw std::invalid_argument("the grammar does not allow its own beginning \"" + prefill + "\"");
        }
        accept(token);
    }
}

void Grammar::watch_thinking(const llama_vocab * vocab, const common_json & params) {
    const auto start = params.value("thinking_start_tag", "");
    if (start.empty()) {
        return;
    }
    std::vector<llama_tokens> ends;
    for (const auto & end : params.value("thinking_end_tags", common_json::array())) {
        ends.push_back(common_tokenize(vocab, end.get<std::string>(), false, true));
    }
    if (!ends.empty()) {
        const auto start_tokens = common_tokenize(vocab, start, false, true);
        thinking_.reset(common_reasoning_budget_init(vocab, {start_tokens}, ends, {}, INT_MAX));
    }
}

}  // namespace puna
