// SPDX-License-Identifier: Apache-2.0
// Chat templates of llama-common: messages in, prompt and everything that belongs to reading the answer out.
#include "support.h"
#include "template_guard.h"
#include "template_hooks.h"
#include "template_memo.h"

#include "chat.h"
#include "json.h"

#include <atomic>
#include <cstring>
#include <memory>
#include <mutex>
#include <optional>

struct puna_chat {
    common_chat_templates_ptr templates;

    // Why the template is not run any more: it reached a bound when it was analysed, or keeps what it allocates.
    std::string fault;
    // Bytes that renderings have left behind, in values that contain themselves.
    mutable std::atomic<size_t> lost{ 0 };

    puna::TemplateMemo memo;

    // Whether answers read by the parser `arena` are their own content, remembered for the last one: it hardly changes.
    bool reads_plain(const common_chat_params & params) const;

private:
    mutable std::mutex last_;
    mutable std::string last_arena_;
    mutable bool last_is_plain_ = false;
};

namespace {

const char * trigger_type(common_grammar_trigger_type type) {
    switch (type) {
        case COMMON_GRAMMAR_TRIGGER_TYPE_TOKEN: return "token";
        case COMMON_GRAMMAR_TRIGGER_TYPE_WORD: return "word";
        case COMMON_GRAMMAR_TRIGGER_TYPE_PATTERN: return "pattern";
        case COMMON_GRAMMAR_TRIGGER_TYPE_PATTERN_FULL: return "pattern_full";
    }
    throw std::logic_error("unknown grammar trigger");
}

common_json triggers_to_json(const std::vector<common_grammar_trigger> & triggers) {
    auto list = common_json::array();
    for (const auto & trigger : triggers) {
        list.push_back(common_json::object({
            {"type", trigger_type(trigger.type)},
            {"value", trigger.value},
            {"token", trigger.token},
        }));
    }
    return list;
}

// A schema may come as JSON or as the text of it.
std::string schema_text(const common_json & inputs) {
    if (!inputs.contains("json_schema") || inputs.at("json_schema").is_null()) {
        return "";
    }
    const auto & schema = inputs.at("json_schema");
    return schema.is_string() ? schema.get<std::string>() : schema.dump();
}

std::map<std::string, std::string> template_variables(const common_json & kwargs) {
    std::map<std::string, std::string> variables;
    for (const auto & [name, value] : kwargs.items()) {
        variables[name] = value.is_string() ? value.get<std::string>() : value.dump();
    }
    return variables;
}

common_chat_templates_inputs parse_inputs(const common_json & given) {
    common_chat_templates_inputs inputs;
    inputs.messages              = common_chat_msgs_parse_oaicompat(given.at("messages"));
    inputs.tools                 = common_chat_tools_parse_oaicompat(given.value("tools", common_json::array()));
    inputs.tool_choice           = common_chat_tool_choice_parse_oaicompat(given.value("tool_choice", "auto"));
    inputs.parallel_tool_calls   = given.value("parallel_tool_calls", false);
    inputs.json_schema           = schema_text(given);
    inputs.grammar               = given.value("grammar", "");
    inputs.enable_thinking       = given.value("enable_thinking", true);
    inputs.add_generation_prompt = given.value("add_generation_prompt", true);
    inputs.continue_final_message =
        common_chat_continuation_parse(given.value("continue_final_message", common_json()));
    inputs.chat_template_kwargs = template_variables(given.value("kwargs", common_json::object()));
    inputs.reasoning_format =
        given.value("reasoning", true) ? COMMON_REASONING_FORMAT_AUTO : COMMON_REASONING_FORMAT_NONE;
    if (inputs.continue_final_message != COMMON_CHAT_CONTINUATION_NONE) {
        inputs.add_generation_prompt = false;
        if (!inputs.messages.empty() && !inputs.messages.back().tool_calls.empty()) {
            throw std::invalid_argument("an assistant message with tool calls cannot be continued");
        }
    }
    return inputs;
}

// Some formats without thinking and tools still have a header before the content, or trim it, so it is tried out.
bool parses_to_itself(const common_chat_params & params) {
    const std::string probe = "  a\n\n<b>{\"c\": [1]}</b> [d] ";
    common_chat_parser_params parser(params);
    parser.parser.load(params.parser);
    try {
        const auto message = common_chat_parse(probe, false, parser);
        return message.content == probe && message.reasoning_content.empty() && message.tool_calls.empty();
    } catch (const std::exception &) {
        return false;
    }
}

// Nothing but content can be in the answer: no need to parse it again and again.
bool is_plain(const puna_chat & chat, const common_chat_templates_inputs & inputs, const common_chat_params & params) {
    return !params.supports_thinking && inputs.tools.empty() && inputs.json_schema.empty() &&
           inputs.continue_final_message == COMMON_CHAT_CONTINUATION_NONE &&
           (params.parser.empty() || chat.reads_plain(params));
}

// What puna_sampler_init needs to know of the format.
common_json sampler_json(const common_chat_templates_inputs & inputs, const common_chat_params & params) {
    return common_json::object({
        {"grammar", params.grammar},
        {"grammar_lazy", params.grammar_lazy},
        {"grammar_triggers", triggers_to_json(params.grammar_triggers)},
        // A grammar of one's own describes the generated text only.
        {"grammar_prefill", inputs.grammar.empty() ? params.generation_prompt : ""},
        {"preserved_tokens", params.preserved_tokens},
        {"thinking_start_tag", params.thinking_start_tag},
        {"thinking_end_tags", params.thinking_end_tags},
    });
}

common_json result_json(const puna_chat & chat, const common_chat_templates_inputs & inputs,
                        const common_chat_params & params) {
    const auto parser = common_json::object({
        {"format", static_cast<int>(params.format)},
        {"generation_prompt", params.generation_prompt},
        {"arena", params.parser},
        {"continuation", inputs.continue_final_message != COMMON_CHAT_CONTINUATION_NONE},
        {"plain", is_plain(chat, inputs, params)},
    });
    return common_json::object({
        {"prompt", params.prompt},
        {"sampler", sampler_json(inputs, params)},
        {"grammar_triggers", triggers_to_json(params.grammar_triggers)},
        {"additional_stops", params.additional_stops},
        {"supports_thinking", params.supports_thinking},
        {"thinking_start_tag", params.thinking_start_tag},
        {"thinking_end_tags", params.thinking_end_tags},
        {"generation_prompt", params.generation_prompt},
        {"parser", parser},
    });
}

// Finding out means rendering a conversation, which a template may refuse, or do for too long.
bool supports_thinking(const puna_chat & chat) {
    const puna::TemplateRun run;
    try {
        return chat.fault.empty() && common_chat_templates_support_enable_thinking(chat.templates.get()) &&
               !run.reached();
    } catch (const std::exception &) {
        return false;
    }
}

}  // namespace

bool puna_chat::reads_plain(const common_chat_params & params) const {
    const std::lock_guard<std::mutex> locked(last_);
    if (last_arena_ != params.parser) {
        last_is_plain_ = parses_to_itself(params);
        last_arena_    = params.parser;
    }
    return last_is_plain_;
}

namespace {

constexpr size_t MOST_LOST = size_t(64) << 20;

// Adds what a run still holds at its end to what the template has lost.
struct Remembered {
    const puna_chat & chat;
    const puna::TemplateRun & run;
    ~Remembered() { chat.lost += run.held(); }
};

void check_fault(const puna_chat & chat) {
    if (!chat.fault.empty()) {
        throw std::runtime_error(chat.fault);
    }
    if (chat.lost > MOST_LOST) {
        throw std::runtime_error("the chat template makes values that contain themselves");
    }
}

std::optional<common_json> shown_tools(const common_json & given) {
    if (!given.contains("shown_tools")) {
        return std::nullopt;
    }
    return common_chat_tools_to_json_oaicompat(common_chat_tools_parse_oaicompat(given.at("shown_tools")));
}

std::string rendered(const puna_chat & chat, const char * inputs, const puna::TemplateRun & run) {
    const auto given  = common_json::parse(inputs);
    const auto parsed = parse_inputs(given);
    puna::TemplateUse use(chat.memo, shown_tools(given));
    const auto params = common_chat_templates_apply(chat.templates.get(), parsed);
    run.check_output(params.prompt.size());
    if (!run.reached()) {
        use.keep();
    }
    const auto format = use.format_id();
    if (format != 0 && given.value("known_format", int64_t(0)) == format) {
        return common_json::object({ {"prompt", params.prompt}, {"format", format} }).dump_safe();
    }
    auto result      = result_json(chat, parsed, params);
    result["format"] = format;
    return result.dump_safe();
}

// A bound that was reached is told without the places in the template where it happened to be noticed; what analyses
// templates goes on where a rendering failed, so it may be known only afterwards.
std::string rendered_within(const puna_chat & chat, const char * inputs, const puna::TemplateRun & run) {
    std::string result;
    try {
        result = rendered(chat, inputs, run);
    } catch (const std::exception &) {
        if (!run.reached()) {
            throw;
        }
    }
    if (run.reached()) {
        throw std::runtime_error(run.reached());
    }
    return result;
}

}  // namespace

puna_chat * puna_chat_init(const llama_model * model, const char * chat_template, char ** error) {
    return puna::guarded<puna_chat *>(error, nullptr, [&] {
        auto chat = std::make_unique<puna_chat>();
        puna::hook_interpreter();
        puna::hook_analysis();
        const puna::TemplateRun run;
        chat->templates = puna::init_guarded_templates(model, chat_template);
        chat->fault     = run.reached() ? run.reached() : "";
        return chat.release();
    });
}

void puna_chat_free(puna_chat * chat) {
    delete chat;
}

char * puna_chat_capabilities(const puna_chat * chat) {
    return puna::guarded<char *>(nullptr, nullptr, [&] {
        auto capabilities = common_json::object({{"source", common_chat_templates_source(chat->templates.get())}});
        for (const auto & [name, value] : common_chat_templates_get_caps(chat->templates.get())) {
            capabilities[name] = value;
        }
        capabilities["supports_thinking"] = supports_thinking(*chat);
        return puna::to_c_string(capabilities.dump_safe());
    });
}

char * puna_chat_apply(const puna_chat * chat, const char * inputs, char ** error) {
    return puna::guarded<char *>(error, nullptr, [&] {
        check_fault(*chat);
        const puna::TemplateRun run(std::strlen(inputs));
        // Even a rendering that fails leaves values behind that contain themselves.
        const Remembered lost{ *chat, run };
        const auto result = rendered_within(*chat, inputs, run);
        return puna::to_c_string(result);
    });
}
