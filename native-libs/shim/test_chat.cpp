// SPDX-License-Identifier: Apache-2.0
// Chat formats and the parsers of answers. PUNA_TEST_TEMPLATES: the folder of llama.cpp's own templates.
#include "test.h"

#include "chat.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace {

using Chat   = std::unique_ptr<puna_chat, void (*)(puna_chat *)>;
using Parser = std::unique_ptr<puna_chat_parser, void (*)(puna_chat_parser *)>;

Chat template_chat(const std::string & name) {
    const char * folder = std::getenv("PUNA_TEST_TEMPLATES");
    std::ifstream file(std::string(folder ? folder : ".") + "/" + name + ".jinja");
    std::ostringstream jinja;
    jinja << file.rdbuf();
    check(!jinja.str().empty(), "no template " + name);
    return Chat(must([&](char ** error) { return puna_chat_init(model, jinja.str().c_str(), error); }), puna_chat_free);
}

// What an answer becomes, fed in pieces of `step` bytes: thinking, content, and the calls as name(arguments).
struct Parsed {
    std::string thinking;
    std::string content;
    std::vector<std::string> names;
    std::vector<std::string> arguments;
};

Parsed parse_answer(const common_json & params, const std::string & text, size_t step) {
    const Parser parser(must([&](char ** error) { return puna_chat_parser_init(params.dump().c_str(), error); }),
                        puna_chat_parser_free);
    Parsed parsed;
    for (size_t i = 0;; i += step) {
        const bool last  = i >= text.size();
        const auto piece = last ? "" : text.substr(i, step);
        const auto diffs = taken(must([&](char ** error) {
            return puna_chat_parser_feed(parser.get(), piece.data(), piece.size(), last, error);
        }));
        for (const auto & diff : common_json::parse(diffs)) {
            parsed.thinking += diff.value("thinking", "");
            parsed.content += diff.value("content", "");
            if (diff.contains("tool_call")) {
                const auto & call = diff.at("tool_call");
                const auto index  = call.at("index").get<size_t>();
                parsed.names.resize(std::max(parsed.names.size(), index + 1));
                parsed.arguments.resize(parsed.names.size());
                parsed.names[index] = call.value("name", "").empty() ? parsed.names[index] : call.value("name", "");
                parsed.arguments[index] += call.value("arguments", "");
            }
        }
        if (last) {
            return parsed;
        }
    }
}

void answers_are_split_into_thinking_and_content() {
    const std::string jinja =
        "{% for m in messages %}<|im_start|>{{ m.role }}\n{% if m.reasoning_content %}<think>\n"
        "{{ m.reasoning_content }}\n</think>\n\n{% endif %}{{ m.content }}<|im_end|>\n{% endfor %}"
        "{% if add_generation_prompt %}<|im_start|>assistant\n<think>\n{% endif %}";
    std::unique_ptr<puna_chat, void (*)(puna_chat *)> chat(
        must([&](char ** error) { return puna_chat_init(model, jinja.c_str(), error); }), puna_chat_free);
    const char * inputs = R"({"messages":[{"role":"user","content":"hi"}]})";
    const auto result =
        common_json::parse(taken(must([&](char ** error) { return puna_chat_apply(chat.get(), inputs, error); })));
    const auto params = result.at("parser").dump();
    std::unique_ptr<puna_chat_parser, void (*)(puna_chat_parser *)> parser(
        must([&](char ** error) { return puna_chat_parser_init(params.c_str(), error); }), puna_chat_parser_free);
    std::string thinking, content;
    const std::string text = "hm \xF0\x9F\x99\x82 hm\n</think>\nH\xC3\xA9llo";
    for (size_t i = 0; i <= text.size(); i++) {
        const bool last  = i == text.size();
        const auto diffs = taken(must([&](char ** error) {
            return puna_chat_parser_feed(parser.get(), text.data() + i, last ? 0 : 1, last, error);
        }));
        for (const auto & diff : common_json::parse(diffs)) {
            thinking += diff.value("thinking", "");
            content += diff.value("content", "");
        }
    }
    check(thinking.find("hm \xF0\x9F\x99\x82 hm") == 0, "thinking: " + thinking + " content: " + content);
    check(content == "H\xC3\xA9llo", "content: " + content);
    check(!error_of([](char ** error) { return puna_chat_init(model, "{% if %}", error); }).empty(),
          "a broken template");
}

void tool_calls_come_out_of_text() {
    const auto chat = template_chat("Qwen-Qwen3-0.6B");
    const char * inputs =
        R"({"messages":[{"role":"user","content":"weather in Oslo?"}],"tools":[{"type":"function","function":
        {"name":"weather","description":"d","parameters":{"type":"object","properties":{"city":{"type":"string"}},
        "required":["city"]}}}]})";
    const auto result =
        common_json::parse(taken(must([&](char ** error) { return puna_chat_apply(chat.get(), inputs, error); })));
    check(result.at("sampler").at("grammar_lazy").get<bool>(), "the grammar is not lazy");
    check(result.at("supports_thinking").get<bool>(), "no thinking");
    const std::string answer =
        "<think>\nOslo it is.\n</think>\n\n<tool_call>\n{\"name\": \"weather\", \"arguments\": "
        "{\"city\": \"Oslo\"}}\n</tool_call>";
    for (const size_t step : {1, 7, 1000}) {
        const auto parsed = parse_answer(result.at("parser"), answer, step);
        check(parsed.thinking.find("Oslo it is.") == 0, "thinking: " + parsed.thinking);
        check(parsed.content.empty(), "content: " + parsed.content);
        check(parsed.names == std::vector<std::string>{"weather"}, "names");
        check(common_json::parse(parsed.arguments.at(0)).at("city") == "Oslo", parsed.arguments.at(0));
    }
    auto sampler_params           = result.at("sampler");
    sampler_params["temperature"] = 0;
    check(!generate(chat_prompt("Hi"), new_sampler(sampler_params.dump()).get(), 4).tokens.empty(), "the sampler");
}

void plain_parsing_equals_real_parsing() {
    const char * inputs = R"({"messages":[{"role":"user","content":"hi"}]})";
    int plain           = 0;
    for (const char * name :
         {"google-gemma-2-2b-it", "meta-llama-Llama-3.2-3B-Instruct", "microsoft-Phi-3.5-mini-instruct",
          "mistralai-Mistral-Nemo-Instruct-2407", "Qwen-Qwen2.5-7B-Instruct", "Qwen3-Coder"}) {
        const auto chat = template_chat(name);
        auto result =
            common_json::parse(taken(must([&](char ** error) { return puna_chat_apply(chat.get(), inputs, error); })));
        auto params = result.at("parser");
        plain += params.at("plain").get<bool>();
        for (const char * text :
             {"Hello, **world**!\n", "  indented\n\n- a\n- b ", "{\"a\": [1, 2]}", "x < y && <b>z</b>"}) {
            const auto fast = parse_answer(params, text, 3);
            params["plain"] = false;
            const auto slow = parse_answer(params, text, 3);
            check(fast.content == slow.content && slow.thinking.empty(),
                  std::string(name) + ": " + fast.content + " | " + slow.content);
        }
    }
    check(plain >= 4, "only " + std::to_string(plain) + " formats are plain");
}

common_json said(const char * role, const std::string & content) {
    return common_json::object({ { "role", role }, { "content", content } });
}

// Turns of an agent, the last ones of which are `end`; with calls only for templates that know them.
common_json agent_turns(size_t count, bool system, bool calls, const std::string & end) {
    auto turns = common_json::array();
    if (system) {
        turns.push_back(said("system", "Be brief."));
    }
    for (size_t i = 0; i < count; i++) {
        turns.push_back(said("user", "Question " + std::to_string(i)));
        turns.push_back(said("assistant", "Answer " + std::to_string(i)));
    }
    turns.push_back(said("user", "The last question"));
    for (size_t i = 0; calls && end == "tool" && i < 5; i++) {
        const auto id = "call0000" + std::to_string(i);
        auto call     = said("assistant", "");
        call["tool_calls"] = common_json::parse(
            R"([{"id":")" + id + R"(","type":"function","function":{"name":"weather","arguments":"{\"city\":\"Oslo\"}"}}])");
        turns.push_back(call);
        auto result            = said("tool", "22 degrees");
        result["tool_call_id"] = id;
        result["name"]         = "weather";
        turns.push_back(result);
    }
    return turns;
}

common_json agent_inputs(const common_json & turns, bool tools, bool thinking) {
    auto inputs = common_json::object({ { "messages", turns }, { "enable_thinking", thinking } });
    if (tools) {
        inputs["tools"] = common_json::parse(
            R"([{"type":"function","function":{"name":"weather","description":"d","parameters":{"type":"object",
                "properties":{"city":{"type":"string"}},"required":["city"]}}},
              {"type":"function","function":{"name":"clock","description":"tells the time","parameters":{"type":"object",
                "properties":{"zone":{"type":"string"}}}}}])");
    }
    return inputs;
}

// What llama.cpp makes of it by itself, or nothing if the template refuses it.
std::string unremembered(const std::string & jinja, const common_json & given) {
    try {
        const auto templates = common_chat_templates_init(model, jinja);
        common_chat_templates_inputs inputs;
        inputs.messages         = common_chat_msgs_parse_oaicompat(given.at("messages"));
        inputs.tools            = common_chat_tools_parse_oaicompat(given.value("tools", common_json::array()));
        inputs.enable_thinking  = given.at("enable_thinking").get<bool>();
        inputs.reasoning_format = COMMON_REASONING_FORMAT_AUTO;
        const auto params       = common_chat_templates_apply(templates.get(), inputs);
        return params.prompt + "\n---\n" + params.generation_prompt + "\n---\n" + params.grammar + "\n---\n" + params.parser;
    } catch (const std::exception &) {
        return "";
    }
}

std::string remembered(const puna_chat * chat, const common_json & given) {
    char * error    = nullptr;
    char * answered = puna_chat_apply(chat, given.dump().c_str(), &error);
    if (!answered) {
        taken(error);
        return "";
    }
    const auto result = common_json::parse(taken(answered));
    return result.at("prompt").get<std::string>() + "\n---\n" + result.at("generation_prompt").get<std::string>() +
           "\n---\n" + result.at("sampler").at("grammar").get<std::string>() + "\n---\n" +
           result.at("parser").at("arena").get<std::string>();
}

void what_is_remembered_of_templates_changes_nothing() {
    const char * folder = std::getenv("PUNA_TEST_TEMPLATES");
    int compared        = 0;
    for (const auto & file : std::filesystem::directory_iterator(folder ? folder : ".")) {
        if (file.path().extension() != ".jinja") {
            continue;
        }
        const auto name = file.path().stem().string();
        std::ifstream text(file.path());
        std::ostringstream jinja;
        jinja << text.rdbuf();
        const auto chat = template_chat(name);
        for (int shape = 0; shape < 32; shape++) {
            const bool calls = (shape & 1) != 0;
            const auto turns = agent_turns((shape & 2) != 0 ? 5 : 0, (shape & 4) != 0, calls, (shape & 8) != 0 ? "tool" : "");
            const auto given = agent_inputs(turns, calls, (shape & 16) != 0);
            const auto alone = unremembered(jinja.str(), given);
            compared += !alone.empty();
            check(remembered(chat.get(), given) == alone, name + ", shape " + std::to_string(shape));
        }
    }
    check(compared > 1000, "only " + std::to_string(compared) + " conversations were taken");
}

void templates_are_shown_other_tools() {
    const auto chat = template_chat("Qwen-Qwen2.5-7B-Instruct");
    auto given      = agent_inputs(agent_turns(5, true, true, ""), true, true);
    given["shown_tools"] = common_json::parse(
        R"([{"type":"function","function":{"name":"shown","description":"s","parameters":{"type":"object"}}}])");
    const auto result = common_json::parse(
        taken(must([&](char ** error) { return puna_chat_apply(chat.get(), given.dump().c_str(), error); })));
    const auto prompt = result.at("prompt").get<std::string>();
    check(prompt.find("\"shown\"") != std::string::npos && prompt.find("\"weather\"") == std::string::npos, prompt);
    check(result.at("sampler").at("grammar").get<std::string>().find("weather") != std::string::npos, "the grammar");
}

}  // namespace

void add_chat_tests(Tests & tests) {
    tests.emplace_back("answers are split into thinking and content", answers_are_split_into_thinking_and_content);
    tests.emplace_back("tool calls come out of text", tool_calls_come_out_of_text);
    tests.emplace_back("what is remembered of templates changes nothing", what_is_remembered_of_templates_changes_nothing);
    tests.emplace_back("templates are shown other tools", templates_are_shown_other_tools);
    tests.emplace_back("plain parsing equals real parsing", plain_parsing_equals_real_parsing);
}
