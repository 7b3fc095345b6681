// SPDX-License-Identifier: Apache-2.0
// llama.cpp finds out anew with each conversation how the answers to a template look, by rendering some forty small conversations,
// makes the parser and the grammar of its tools anew, and renders the conversation itself three times. Here it finds out
// once, makes a parser again only for tools that it does not remember, and renders once.
#pragma once

#include "chat-auto-parser.h"

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace puna {

// Puts our functions in the places of those that find out and render, once in the life of the process. Without a TemplateUse on the
// thread they do as ever.
void hook_analysis();

// What was found out about the templates of one puna_chat. Several threads at once.
class TemplateMemo {
public:
    using Analysis = std::shared_ptr<const autoparser::autoparser>;

    // What belongs to some tools, and to what else says how answers look.
    struct Format {
        std::string key;
        common_chat_params params;
        int64_t id = 0;  // another for each of the process

        size_t bytes() const { return key.size() + params.parser.size() + params.grammar.size(); }
    };

    // Null if it is not known.
    Analysis analysis(const common_chat_template * tmpl) const;
    std::shared_ptr<const Format> format(const std::string & key) const;

    void keep(const common_chat_template * tmpl, Analysis analysis) const;
    // Lets the least lately used go where all are 4 MiB together, or more.
    void keep(std::shared_ptr<const Format> format) const;

private:
    mutable std::mutex mutex_;
    mutable std::vector<std::pair<const common_chat_template *, Analysis>> analyses_;
    // The last used first.
    mutable std::vector<std::shared_ptr<const Format>> formats_;
};

// While this lives, the calling thread's renderings use a memo. Formats that llama.cpp treats specially analyse nothing, and some of
// them change the conversation first: these are rendered as ever.
class TemplateUse {
public:
    // `shown_tools`: what templates see in the place of the conversation's tools, if anything.
    TemplateUse(const TemplateMemo & memo, std::optional<common_json> shown_tools);
    ~TemplateUse();
    TemplateUse(const TemplateUse &)             = delete;
    TemplateUse & operator=(const TemplateUse &) = delete;

    // Lets others have what was found out: to be called once it is known that no bound was reached on the way.
    void keep();

    // Of what was rendered last; 0 if it was rendered as ever.
    int64_t format_id() const { return format_id_; }

    void analyse(autoparser::autoparser & result, const common_chat_template & tmpl);

    std::string render(const common_chat_template & tmpl, const autoparser::generation_params & inputs,
                       const std::optional<common_json> & messages, const std::optional<common_json> & tools,
                       const std::optional<common_json> & context);

    std::string generation_prompt(const common_chat_template & tmpl, const autoparser::generation_params & inputs);

    common_chat_params format(const common_chat_template & tmpl, const autoparser::generation_params & inputs,
                              const autoparser::autoparser & analysis);

private:
    bool has_rendered(const common_chat_template & tmpl, const autoparser::generation_params & inputs) const;
    std::string plain(const common_chat_template & tmpl, const autoparser::generation_params & inputs,
                      const std::optional<common_json> & tools);
    std::string difference(const common_chat_template & tmpl, autoparser::generation_params changed,
                           const std::optional<common_json> & tools, std::optional<std::string> with);
    std::optional<std::string> of_few_messages(const common_chat_template & tmpl,
                                               const autoparser::generation_params & inputs, const std::string & with);

    const TemplateMemo & memo_;
    const std::optional<common_json> shown_tools_;
    const common_chat_template * analysed_ = nullptr;
    TemplateMemo::Analysis analysis_;
    std::shared_ptr<const TemplateMemo::Format> format_;
    int64_t format_id_ = 0;
    bool analysing_    = false;

    // The last rendering of a conversation as it was given, and what of it is there for the answer.
    const common_chat_template * rendered_             = nullptr;
    const autoparser::generation_params * rendered_of_ = nullptr;
    std::string rendering_;
    std::optional<std::string> generation_prompt_;

    TemplateUse * outer_;
};

}  // namespace puna
