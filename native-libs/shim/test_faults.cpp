// SPDX-License-Identifier: Apache-2.0
// Chat templates that are stopped at each of their steps in turn, as when a bound is reached there: each time an error or an
// answer comes back, and never the end of the process, which is what an exception makes of a function that must not throw.
// PUNA_TEST_TEMPLATES: the folder of llama.cpp's own templates. Uses a build of the shim in which steps can be counted.
#include "puna_shim.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <fstream>
#include <memory>
#include <sstream>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

// Stops the next template of the calling thread after so many steps, or none where it is negative; answers what was left of
// the last such number, which goes on below zero.
extern "C" int64_t puna_fault_after(int64_t steps);

namespace {

using Chat = std::unique_ptr<puna_chat, void (*)(puna_chat *)>;

// How many of the first steps are tried, and how many of the others.
int64_t samples = 100;

const char * case_name = "";
int64_t case_step      = 0;

// Conversations that use what interpreters, parsers and the analysis of templates have: JSON in JSON, calls, results, thoughts.
const char * const CONVERSATION = R"({"messages":[
    {"role":"system","content":"Be brief."},
    {"role":"user","content":"What is the weather in Oslo and in Bergen, and who lives there at all these days?"},
    {"role":"assistant","content":"","tool_calls":[
        {"id":"call12345","type":"function","function":{"name":"weather","arguments":
            "{\"city\":\"Oslo\",\"when\":{\"days\":[1,2,[3,[4,{\"a\":{\"b\":[null,true,1.5]}}]]]}}"}},
        {"id":"call12346","type":"function","function":{"name":"people","arguments":"{\"of\":[{\"x\":1},{\"y\":{\"z\":[]}}]}"}}]},
    {"role":"tool","tool_call_id":"call12345","name":"weather","content":"{\"sky\":[\"rain\",{\"mm\":[1,2,3]}]}"},
    {"role":"tool","tool_call_id":"call12346","name":"people","content":"some"},
    {"role":"user","content":"Thank you."}],
  "tools":[
    {"type":"function","function":{"name":"weather","description":"looks it up","parameters":{"type":"object","properties":{
        "city":{"type":"string","enum":["Oslo","Bergen"]},
        "when":{"type":"object","properties":{"days":{"type":"array","items":{"anyOf":[{"type":"integer"},{"type":"array"}]}}}}},
        "required":["city"]}}},
    {"type":"function","function":{"name":"people","description":"","parameters":{"type":"object","properties":{
        "of":{"type":"array","items":{"type":"object","additionalProperties":{"type":"number"}}}}}}}]})";

const char * const EVERYTHING = R"({%- macro walk(value, depth) -%}
{%- if value is mapping -%}{% for key, item in value|dictsort %}{{ key }}:{{ walk(item, depth + 1) }};{% endfor %}
{%- elif value is sequence and value is not string -%}{% for item in value %}{{ walk(item, depth + 1) }},{% endfor %}
{%- else -%}{{ value|tojson }}{%- endif -%}{%- endmacro -%}
{%- set ns = namespace(seen=[], text='', map={'a': [1, [2, {'b': 'c'}]]}) -%}
{%- for message in messages -%}
  {%- set ns.seen = ns.seen + [message.role] -%}
  {%- set ns.text = ns.text ~ message.role|upper|replace('S', 'ss') ~ (message.content or '')|trim -%}
  <|{{ message.role }}|>{{ message.content }}
  {%- for call in message.tool_calls or [] %}
<tool_call>
{"name": "{{ call.function.name }}", "arguments": {{ call.function.arguments|tojson(indent=2) }}}
</tool_call>{{ walk(call.function, 0) }}{% endfor %}
{% endfor -%}
{{- walk(tools, 0) -}}{{ tools|map(attribute='function')|map(attribute='name')|join(', ') }}
{{- ns.seen|sort|join('/') -}}{{ messages|selectattr('role', 'equalto', 'user')|list|length -}}
{{- ns.text.split(' ')|reverse|join('_') -}}{{ [3, 1, 2]|sort(reverse=true)|first }}{{ ns.map == {'a': [1, [2, {'b': 'c'}]]} }}
{{- range(20)|list }}{{ 'x' * 40 }}{{ ns.text[2:40:3] }}{{ 'a b'|title|indent(2) }}{{ (messages|last).content in ns.text -}}
{{- messages|tojson(indent=1)|length }}{% if add_generation_prompt %}<|assistant|>{% endif -%})";

[[noreturn]] void tell_where() {
    std::printf("FAIL  %s: the process would have ended at step %lld\n", case_name, static_cast<long long>(case_step));
    std::fflush(stdout);
    std::_Exit(1);
}

std::string file(const std::string & name) {
    const char * folder = std::getenv("PUNA_TEST_TEMPLATES");
    std::ifstream stream(std::string(folder ? folder : ".") + "/" + name + ".jinja");
    std::ostringstream text;
    text << stream.rdbuf();
    if (text.str().empty()) {
        throw std::runtime_error("no template " + name);
    }
    return text.str();
}

// Steps that `run` takes when nothing stops it.
template <typename Run>
int64_t steps_of(Run && run) {
    puna_fault_after(-1);
    run();
    return -1 - puna_fault_after(-1);
}

// Stops `run` at each of its first steps, and at as many of the others.
template <typename Run>
int64_t stop_everywhere(const char * name, Run && run) {
    const auto all = steps_of(run);
    case_name      = name;
    int64_t tried  = 0;
    const auto gap = std::max<int64_t>(1, (all - samples) / samples);
    for (int64_t step = 0; step < all; step += step < samples ? 1 : gap) {
        case_step = step;
        puna_fault_after(step);
        run();
        tried++;
    }
    puna_fault_after(-1);
    return tried;
}

Chat made(const std::string & source) {
    char * error = nullptr;
    Chat chat(puna_chat_init(nullptr, source.c_str(), &error), puna_chat_free);
    puna_string_free(error);
    return chat;
}

void try_template(const char * name, const std::string & source) {
    const auto inits  = stop_everywhere(name, [&] { made(source); });
    const auto chat   = made(source);
    const auto asked  = stop_everywhere(name, [&] { puna_string_free(puna_chat_capabilities(chat.get())); });
    const auto writes = stop_everywhere(name, [&] {
        char * error = nullptr;
        puna_string_free(puna_chat_apply(chat.get(), CONVERSATION, &error));
        puna_string_free(error);
    });
    char * error = nullptr;
    std::unique_ptr<char, void (*)(char *)> result(puna_chat_apply(chat.get(), CONVERSATION, &error), puna_string_free);
    if (!result) {
        throw std::runtime_error(std::string(name) + ": " + (error ? error : "nothing"));
    }
    std::printf("ok    %s: stopped at %lld, %lld and %lld steps\n", name, static_cast<long long>(inits),
                static_cast<long long>(asked), static_cast<long long>(writes));
}

}  // namespace

// Usage: shim-faults-test [SAMPLES]
int main(int argc, char ** argv) {
    samples = argc > 1 ? std::atoll(argv[1]) : samples;
    puna_log_install(GGML_LOG_LEVEL_CONT);
    std::set_terminate(tell_where);
    try {
        try_template("all that the language has", EVERYTHING);
        for (const char * name : { "Qwen-Qwen3-0.6B", "openai-gpt-oss-120b", "Qwen3-Coder" }) {
            try_template(name, file(name));
        }
    } catch (const std::exception & exception) {
        std::printf("FAIL  %s\n", exception.what());
        return 1;
    }
    return 0;
}
