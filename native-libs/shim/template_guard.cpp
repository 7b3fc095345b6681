// SPDX-License-Identifier: Apache-2.0
// llama.cpp's Jinja interpreter recurses as deep as a template is nested and as often as its macros call each other, and knows
// no bound: the end of the stack would be the end of the process. So nesting is bounded before a template is parsed, and
// parsed templates get nodes that check the stack and the clock in every macro and every loop; what one expression does is
// bounded by template_hooks.cpp.
#include "template_guard.h"

#include "support.h"

#include "jinja/caps.h"
#include "jinja/lexer.h"
#include "jinja/parser.h"
#include "jinja/runtime.h"

#include <algorithm>
#include <utility>

// What common_chat_templates_ptr points at: llama.cpp b10488, common/chat.cpp. The guarded templates are put into it.
struct common_chat_templates {
    bool add_bos;
    bool add_eos;
    bool has_explicit_template;
    std::unique_ptr<common_chat_template> template_default;
    std::unique_ptr<common_chat_template> template_tool_use;
};

namespace {

constexpr size_t LONGEST_SOURCE     = size_t(4) << 20;
constexpr size_t MOST_TOKENS_OF_TAG = 8192;  // each may be a level of the tree
constexpr size_t DEEPEST_BRACKETS   = 2500;  // each is some fifteen calls of the parser
constexpr size_t DEEPEST_BLOCKS     = 1000;
struct check_statement : public jinja::statement {
    std::string type() const override { return "Check"; }
    jinja::value execute_impl(jinja::context &) const override {
        puna::TemplateRun::check();
        return jinja::mk_val<jinja::value_undefined>();
    }
};

template <typename Statement>
jinja::statement_ptr made() {
    auto statement = std::make_unique<Statement>();
    statement->pos = 0;
    return statement;
}

void guard(jinja::statements & body);

void guard(const jinja::statement_ptr & node) {
    if (auto * choice = dynamic_cast<jinja::if_statement *>(node.get())) {
        guard(choice->body);
        guard(choice->alternate);
    } else if (auto * loop = dynamic_cast<jinja::for_statement *>(node.get())) {
        guard(loop->body);
        guard(loop->default_block);
        loop->body.insert(loop->body.begin(), made<check_statement>());
    } else if (auto * macro = dynamic_cast<jinja::macro_statement *>(node.get())) {
        guard(macro->body);
        macro->body.insert(macro->body.begin(), made<check_statement>());
    } else if (auto * call = dynamic_cast<jinja::call_statement *>(node.get())) {
        guard(call->body);
        call->body.insert(call->body.begin(), made<check_statement>());
    } else if (auto * set = dynamic_cast<jinja::set_statement *>(node.get())) {
        guard(set->body);
    } else if (auto * filter = dynamic_cast<jinja::filter_statement *>(node.get())) {
        guard(filter->body);
    }
}

void guard(jinja::statements & body) {
    jinja::statements guarded;
    for (auto & node : body) {
        guard(node);
        const bool sets = dynamic_cast<jinja::set_statement *>(node.get()) != nullptr;
        guarded.push_back(std::move(node));
        if (sets) {
            guarded.push_back(made<check_statement>());
        }
    }
    body = std::move(guarded);
}

// `at` is the word after an opening {%.
bool opens_block(const std::vector<jinja::token> & tokens, size_t at) {
    static const std::vector<std::string> words{ "if", "for", "macro", "call", "filter" };
    if (tokens[at].value != "set") {
        return std::find(words.begin(), words.end(), tokens[at].value) != words.end();
    }
    // `{% set x = 1 %}` stands alone, `{% set x %}` has a block.
    while (at < tokens.size() && tokens[at].t != jinja::token::close_statement) {
        if (tokens[at++].t == jinja::token::equals) {
            return false;
        }
    }
    return true;
}

// Bounds how deep the parser and the tree of what it parses can get; an `elif` is one level deeper than its `if`.
void check_nesting(const std::vector<jinja::token> & tokens) {
    using jinja::token;
    size_t brackets = 0;
    size_t length   = 0;
    size_t depth    = 0;
    std::vector<size_t> open;
    for (size_t i = 0; i < tokens.size(); i++) {
        const auto type = tokens[i].t;
        length++;
        if (type == token::open_statement || type == token::open_expression || type == token::text) {
            length   = 0;
            brackets = 0;
        } else if (type == token::open_paren || type == token::open_square_bracket || type == token::open_curly_bracket) {
            brackets++;
        } else if (type == token::close_paren || type == token::close_square_bracket ||
                   type == token::close_curly_bracket) {
            brackets -= brackets > 0 ? 1 : 0;
        }
        if (type == token::open_statement && i + 1 < tokens.size()) {
            const auto & word = tokens[i + 1].value;
            if (opens_block(tokens, i + 1)) {
                open.push_back(depth++);
            } else if (word == "elif" || word == "else") {
                depth++;
            } else if (word.compare(0, 3, "end") == 0 && word != "endgeneration" && !open.empty()) {
                depth = open.back();
                open.pop_back();
            }
        }
        if (brackets > DEEPEST_BRACKETS || length > MOST_TOKENS_OF_TAG || depth > DEEPEST_BLOCKS) {
            throw std::invalid_argument("the chat template is nested too deeply");
        }
    }
}

using puna::TemplateRun;

jinja::program guarded_program(const jinja::lexer_result & lexed) {
    auto program = jinja::parse_from_tokens(lexed);
    guard(program.body);
    program.body.insert(program.body.begin(), made<check_statement>());
    return program;
}

void replace_all(std::string & text, const std::string & old, const std::string & replacement) {
    for (size_t at = 0; (at = text.find(old, at)) != std::string::npos; at += replacement.size()) {
        text.replace(at, old.size(), replacement);
    }
}

// Two families' templates refuse conversations that llama.cpp has its own ways with: b10488, common_chat_templates_init.
std::string without_refusals(std::string source) {
    replace_all(source,
                "{%- if \"<|channel|>analysis<|message|>\" in message.content or "
                "\"<|channel|>final<|message|>\" in message.content %}",
                "{%- if false %}");
    replace_all(source,
                "{%- if (message['content'] is none or message['content'] == '' or message['content']|length == 0) and "
                "(message['tool_calls'] is not defined or message['tool_calls'] is none or "
                "message['tool_calls']|length == 0) %}",
                "{%- if false %}");
    return source;
}

void put_guarded(common_chat_template & into, const std::string & source) {
    if (source.size() > LONGEST_SOURCE) {
        throw std::invalid_argument("the chat template is longer than 4 MiB");
    }
    const auto lexed = jinja::lexer().tokenize(source);
    check_nesting(lexed.tokens);
    into.prog = guarded_program(lexed);
    into.src  = lexed.source;
    try {
        into.caps = jinja::caps_get(into.prog);
    } catch (const std::exception &) {
        // The caller asks its run.
        if (!TemplateRun::is_over()) {
            throw;
        }
    }
}

}  // namespace

namespace puna {

common_chat_templates_ptr init_guarded_templates(const llama_model * model, const char * given) {
    const char * source   = given && *given ? given : llama_model_chat_template(model, nullptr);
    const char * tool_use = given && *given ? nullptr : llama_model_chat_template(model, "tool_use");
    if ((!source || !*source || std::string(source) == "chatml") && !tool_use) {
        return common_chat_templates_init(model, source ? source : "");
    }
    auto templates = common_chat_templates_init(model, "guarded");
    if (!source || !*source) {
        source = tool_use;
    }
    put_guarded(*templates->template_default, without_refusals(source));
    if (tool_use) {
        const auto & made = *templates->template_default;
        templates->template_tool_use = std::make_unique<common_chat_template>("guarded", made.bos_tok, made.eos_tok);
        try {
            put_guarded(*templates->template_tool_use, tool_use);
        } catch (const std::exception &) {
            // As llama.cpp does: the other one will do.
            templates->template_tool_use.reset();
        }
    }
    return templates;
}

}  // namespace puna
