// SPDX-License-Identifier: Apache-2.0
#include "template_memo.h"

#include "symbol_hooks.h"

#include "log.h"
#include "parsers/parsers.h"

#include <algorithm>
#include <atomic>
#include <cstdint>

namespace puna {

namespace {

thread_local TemplateUse * current = nullptr;

void hooked_analysis(autoparser::autoparser * result, const common_chat_template & tmpl) {
    if (current) {
        current->analyse(*result, tmpl);
    } else {
        result->analyze_template(tmpl);
    }
}

std::string hooked_rendering(const common_chat_template & tmpl, const autoparser::generation_params & inputs,
                             const std::optional<common_json> & messages, const std::optional<common_json> & tools,
                             const std::optional<common_json> & context) {
    return current ? current->render(tmpl, inputs, messages, tools, context) :
                     common_chat_template_direct_apply_impl(tmpl, inputs, messages, tools, context);
}

std::string hooked_generation_prompt(const common_chat_template & tmpl, const autoparser::generation_params & inputs,
                                     const std::optional<common_json> & messages,
                                     const std::optional<common_json> & tools,
                                     const std::optional<common_json> & context) {
    return current && !messages && !tools && !context ?
               current->generation_prompt(tmpl, inputs) :
               common_chat_template_generation_prompt_impl(tmpl, inputs, messages, tools, context);
}

common_chat_params hooked_format(const common_chat_template & tmpl, const autoparser::generation_params & inputs,
                                 const autoparser::autoparser & analysis) {
    return current ? current->format(tmpl, inputs, analysis) :
                     autoparser::peg_generator::generate_parser(tmpl, inputs, analysis);
}

// The library reads the parser that it has just written, only to show it in its log.
void hooked_loading(common_peg_arena * arena, const std::string & text) {
    if (!current || common_log_get_verbosity_thold() >= LOG_LEVEL_DEBUG) {
        arena->load(text);
    }
}

// Whatever says how answers look besides the template, but not the conversation.
std::string format_key(const common_chat_template & tmpl, const autoparser::generation_params & inputs,
                       const std::string & generation_prompt) {
    std::string key = std::to_string(reinterpret_cast<uintptr_t>(&tmpl));
    for (const int flag : { static_cast<int>(inputs.tool_choice), static_cast<int>(inputs.parallel_tool_calls),
                            static_cast<int>(inputs.reasoning_format), static_cast<int>(inputs.enable_thinking),
                            static_cast<int>(inputs.add_generation_prompt) }) {
        key += ' ' + std::to_string(flag);
    }
    for (const auto & part : { inputs.tools.dump(), inputs.json_schema.dump(), inputs.grammar, generation_prompt }) {
        key += '\0' + part;
    }
    return key;
}

constexpr size_t MOST_FORMATS = size_t(4) << 20;
constexpr size_t FEW_MESSAGES = 8;

// The first of a list, as a list.
common_json first_of(const common_json & list) {
    auto first = common_json::array();
    first.push_back(list.at(0));
    return first;
}

}  // namespace

void hook_analysis() {
    static std::once_flag once;
    std::call_once(once, [] {
        hook_symbols(
            "libllama-common.",
            {
                { "_ZN10autoparser10autoparser16analyze_templateERK20common_chat_template",
                  reinterpret_cast<void *>(hooked_analysis) },
                { "_Z38common_chat_template_direct_apply_implB5cxx11RK20common_chat_templateRKN10autoparser17generation_"
                  "paramsERKSt8optionalI11common_jsonESA_SA_",
                  reinterpret_cast<void *>(hooked_rendering) },
                { "_Z43common_chat_template_generation_prompt_implB5cxx11RK20common_chat_templateRKN10autoparser17"
                  "generation_paramsERKSt8optionalI11common_jsonESA_SA_",
                  reinterpret_cast<void *>(hooked_generation_prompt) },
                { "_ZN10autoparser13peg_generator15generate_parserERK20common_chat_templateRKNS_17generation_paramsERKNS_"
                  "10autoparserE",
                  reinterpret_cast<void *>(hooked_format) },
                { "_ZN16common_peg_arena4loadERKNSt7__cxx1112basic_stringIcSt11char_traitsIcESaIcEEE",
                  reinterpret_cast<void *>(hooked_loading) },
            });
    });
}

TemplateMemo::Analysis TemplateMemo::analysis(const common_chat_template * tmpl) const {
    const std::lock_guard<std::mutex> locked(mutex_);
    for (const auto & [known, analysis] : analyses_) {
        if (known == tmpl) {
            return analysis;
        }
    }
    return nullptr;
}

std::shared_ptr<const TemplateMemo::Format> TemplateMemo::format(const std::string & key) const {
    const std::lock_guard<std::mutex> locked(mutex_);
    const auto known =
        std::find_if(formats_.begin(), formats_.end(), [&](const auto & format) { return format->key == key; });
    if (known == formats_.end()) {
        return nullptr;
    }
    std::rotate(formats_.begin(), known, known + 1);
    return formats_.front();
}

void TemplateMemo::keep(const common_chat_template * tmpl, Analysis analysis) const {
    const std::lock_guard<std::mutex> locked(mutex_);
    const bool is_known =
        std::any_of(analyses_.begin(), analyses_.end(), [&](const auto & each) { return each.first == tmpl; });
    if (!is_known) {
        analyses_.emplace_back(tmpl, std::move(analysis));
    }
}

void TemplateMemo::keep(std::shared_ptr<const Format> format) const {
    if (format->bytes() > MOST_FORMATS) {
        return;
    }
    // Freed once the lock is given back.
    std::vector<std::shared_ptr<const Format>> gone;
    const std::lock_guard<std::mutex> locked(mutex_);
    formats_.insert(formats_.begin(), std::move(format));
    size_t bytes = 0;
    size_t kept  = 0;
    while (kept < formats_.size() && (bytes += formats_[kept]->bytes()) <= MOST_FORMATS) {
        kept++;
    }
    gone.assign(formats_.begin() + kept, formats_.end());
    formats_.resize(kept);
}

TemplateUse::TemplateUse(const TemplateMemo & memo, std::optional<common_json> shown_tools)
    : memo_(memo), shown_tools_(std::move(shown_tools)), outer_(current) {
    current = this;
}

TemplateUse::~TemplateUse() {
    current = outer_;
}

void TemplateUse::keep() {
    if (analysis_) {
        memo_.keep(analysed_, analysis_);
    }
    if (format_) {
        memo_.keep(format_);
    }
}

void TemplateUse::analyse(autoparser::autoparser & result, const common_chat_template & tmpl) {
    if (const auto known = memo_.analysis(&tmpl)) {
        result = *known;
        return;
    }
    struct Analysing {
        bool & flag;
        ~Analysing() { flag = false; }
    } analysing{ analysing_ };
    analysing_ = true;
    result.analyze_template(tmpl);
    analysed_ = &tmpl;
    analysis_ = std::make_shared<const autoparser::autoparser>(result);
}

bool TemplateUse::has_rendered(const common_chat_template & tmpl, const autoparser::generation_params & inputs) const {
    return rendered_of_ == &inputs && rendered_ == &tmpl && inputs.add_generation_prompt;
}

std::string TemplateUse::render(const common_chat_template & tmpl, const autoparser::generation_params & inputs,
                                const std::optional<common_json> & messages, const std::optional<common_json> & tools,
                                const std::optional<common_json> & context) {
    if (analysing_) {
        return common_chat_template_direct_apply_impl(tmpl, inputs, messages, tools, context);
    }
    if (!messages && !tools && !context && has_rendered(tmpl, inputs)) {
        return rendering_;
    }
    const bool shows = shown_tools_ && !tools && !inputs.tools.empty();
    auto rendering =
        common_chat_template_direct_apply_impl(tmpl, inputs, messages, shows ? shown_tools_ : tools, context);
    rendered_of_ = nullptr;
    if (inputs.add_generation_prompt && !messages && !tools && !context) {
        rendered_    = &tmpl;
        rendering_   = rendering;
        rendered_of_ = &inputs;
        generation_prompt_.reset();
    }
    return rendering;
}

std::string TemplateUse::plain(const common_chat_template & tmpl, const autoparser::generation_params & inputs,
                               const std::optional<common_json> & tools) {
    return common_chat_template_direct_apply_impl(tmpl, inputs, std::nullopt,
                                                  inputs.tools.empty() ? std::nullopt : tools, std::nullopt);
}

// What the prompt has more if it shall be answered. Whoever asks has rendered the same inputs just before.
std::string TemplateUse::generation_prompt(const common_chat_template & tmpl,
                                           const autoparser::generation_params & inputs) {
    if (analysing_ || !has_rendered(tmpl, inputs)) {
        return difference(tmpl, inputs, shown_tools_, std::nullopt);
    }
    if (!generation_prompt_) {
        generation_prompt_ = of_few_messages(tmpl, inputs, rendering_);
    }
    if (!generation_prompt_) {
        generation_prompt_ = difference(tmpl, inputs, shown_tools_, rendering_);
    }
    return *generation_prompt_;
}

std::string TemplateUse::difference(const common_chat_template & tmpl, autoparser::generation_params changed,
                                    const std::optional<common_json> & tools, std::optional<std::string> with) {
    changed.continue_final_message = COMMON_CHAT_CONTINUATION_NONE;
    if (!with) {
        changed.add_generation_prompt = true;
        with                          = plain(tmpl, changed, tools);
    }
    changed.add_generation_prompt = false;
    const auto without            = plain(tmpl, changed, tools);
    const auto differs =
        std::mismatch(with->begin(), with->begin() + std::min(with->size(), without.size()), without.begin());
    return std::string(differs.first, with->end());
}

// It depends on the last turns, on what was said first, and on whether there are tools, not on how many; if the whole prompt does not end with it,
// or the template does not like few messages, all are rendered once more.
std::optional<std::string> TemplateUse::of_few_messages(const common_chat_template & tmpl,
                                                        const autoparser::generation_params & inputs,
                                                        const std::string & with) {
    const size_t count = inputs.messages.size();
    if (count < FEW_MESSAGES) {
        return std::nullopt;
    }
    size_t question = count - 1;
    while (question > 0 && inputs.messages.at(question).value("role", "") != "user") {
        question--;
    }
    auto few     = inputs;
    few.messages = common_json::array();
    auto tools   = shown_tools_;
    if (few.tools.is_array() && few.tools.size() > 1) {
        few.tools = first_of(few.tools);
    }
    if (tools && tools->is_array() && tools->size() > 1) {
        tools = first_of(*tools);
    }
    for (size_t i = 0; i < count; i++) {
        const auto & message = inputs.messages.at(i);
        if ((i == 0 && message.value("role", "") == "system") || i == question || i + 2 >= count) {
            few.messages.push_back(message);
        }
    }
    try {
        auto found = difference(tmpl, std::move(few), tools, std::nullopt);
        const bool ends =
            with.size() >= found.size() && with.compare(with.size() - found.size(), found.size(), found) == 0;
        return ends ? std::optional<std::string>(std::move(found)) : std::nullopt;
    } catch (const std::exception &) {
        return std::nullopt;
    }
}

common_chat_params TemplateUse::format(const common_chat_template & tmpl, const autoparser::generation_params & inputs,
                                       const autoparser::autoparser & analysis) {
    if (analysing_ || inputs.continue_final_message != COMMON_CHAT_CONTINUATION_NONE) {
        return autoparser::peg_generator::generate_parser(tmpl, inputs, analysis);
    }
    auto prompt           = render(tmpl, inputs, std::nullopt, std::nullopt, std::nullopt);
    auto prompt_of_answer = generation_prompt(tmpl, inputs);
    auto key              = format_key(tmpl, inputs, prompt_of_answer);
    if (const auto known = memo_.format(key)) {
        auto params              = known->params;
        params.prompt            = std::move(prompt);
        params.generation_prompt = std::move(prompt_of_answer);
        format_id_               = known->id;
        return params;
    }
    auto params = autoparser::peg_generator::generate_parser(tmpl, inputs, analysis);
    static std::atomic<int64_t> last_id{ 0 };
    auto kept           = std::make_shared<TemplateMemo::Format>();
    kept->id            = ++last_id;
    kept->key           = std::move(key);
    kept->params        = params;
    kept->params.prompt = {};
    format_             = std::move(kept);
    format_id_          = format_->id;
    return params;
}

}  // namespace puna
