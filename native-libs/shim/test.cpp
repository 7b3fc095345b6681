// SPDX-License-Identifier: Apache-2.0
// The shim through its C interface, on a real chat model: PUNA_TEST_GGUF=model.gguf shim-test LIBRARY_FOLDER
#include "puna_shim.h"

#include "common.h"
#include "json.h"
#include "sampling.h"

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <functional>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

namespace {

constexpr int SKIPPED = 77;

[[noreturn]] void fail(const std::string & what) {
    throw std::runtime_error(what);
}

void check(bool holds, const std::string & what) {
    if (!holds) {
        fail(what);
    }
}

// Takes over a string that the shim returned.
std::string taken(char * text) {
    std::string copy = text ? text : "";
    puna_string_free(text);
    return copy;
}

template <typename Call> auto must(Call && call) {
    char * error  = nullptr;
    auto   result = call(&error);
    if (error) {
        fail(taken(error));
    }
    return result;
}

template <typename Call> std::string error_of(Call && call) {
    char * error = nullptr;
    call(&error);
    return taken(error);
}

llama_model *        model = nullptr;
const llama_vocab *  vocab = nullptr;

struct FreeContext {
    void operator()(llama_context * context) const { llama_free(context); }
};
struct FreeSampler {
    void operator()(puna_sampler * sampler) const { puna_sampler_free(sampler); }
};
using Context = std::unique_ptr<llama_context, FreeContext>;
using Sampler = std::unique_ptr<puna_sampler, FreeSampler>;

Context new_context(const int32_t * abort_flag = nullptr) {
    auto params            = llama_context_default_params();
    params.n_ctx           = 1024;
    params.n_threads       = 1;
    params.n_threads_batch = 1;
    return Context(must([&](char ** error) { return puna_context_init(model, params, abort_flag, error); }));
}

Sampler new_sampler(const std::string & params) {
    return Sampler(must([&](char ** error) { return puna_sampler_init(model, params.c_str(), error); }));
}

std::vector<llama_token> tokenize(const std::string & text) {
    std::vector<llama_token> tokens(text.size() + 8);
    const int32_t            count = must([&](char ** error) {
        return puna_tokenize(vocab, text.data(), text.size(), tokens.data(), tokens.size(), true, true, error);
    });
    tokens.resize(count);
    return tokens;
}

struct Answer {
    std::string              text;
    std::vector<llama_token> tokens;
    bool                     ended = false;
    std::string              error;
    puna_row                 last{};
};

// Feeds the prompt and generates up to `limit` tokens.
Answer generate(const std::string & prompt, puna_sampler * sampler, int limit, int32_t n_top = -1) {
    const auto context = new_context();
    auto       input   = tokenize(prompt);
    int32_t    past    = 0;
    Answer     answer;
    puna_sampler_accept_prompt(sampler, input.data(), input.size());
    while (static_cast<int>(answer.tokens.size()) < limit && !answer.ended) {
        const int32_t          count = input.size();
        std::vector<llama_pos> positions(count);
        for (int32_t i = 0; i < count; i++) {
            positions[i] = past++;
        }
        std::vector<llama_seq_id> sequences(count, 0);
        std::vector<int8_t>       outputs(count, 0);
        outputs.back()  = 1;
        puna_row & row  = answer.last;
        row.sampler     = sampler;
        row.batch_index = count - 1;
        row.n_top       = n_top;
        char *     error  = nullptr;
        const auto result = puna_step(context.get(), count, input.data(), positions.data(), sequences.data(),
                                      outputs.data(), 1, &row, &error);
        answer.error += taken(error);
        check(result == 0, "step gave " + std::to_string(result) + " " + answer.error);
        answer.tokens.push_back(row.token);
        answer.text.append(row.piece, std::min(row.piece_length, PUNA_PIECE_MAX));
        answer.ended = row.end != 0;
        input        = {row.token};
    }
    return answer;
}

std::string chat_prompt(const std::string & question) {
    std::unique_ptr<puna_chat, void (*)(puna_chat *)> chat(
        must([](char ** error) { return puna_chat_init(model, nullptr, error); }), puna_chat_free);
    const auto inputs = common_json::object(
        {{"messages", common_json::array({common_json::object({{"role", "user"}, {"content", question}})})}});
    const auto result = taken(must([&](char ** error) { return puna_chat_apply(chat.get(), inputs.dump().c_str(), error); }));
    return common_json::parse(result).at("prompt").get<std::string>();
}

void versions_agree() {
    check(puna_shim_abi() == PUNA_SHIM_ABI, "ABI");
    check(std::strcmp(puna_shim_llama_version(), llama_version()) == 0,
          std::string("built for ") + puna_shim_llama_version() + ", runs with " + llama_version());
}

void devices_hold_a_cpu() {
    check(taken(puna_devices()).find("\"type\":\"cpu\"") != std::string::npos, "no CPU device");
}

void metadata_names_the_architecture() {
    const auto metadata = common_json::parse(taken(puna_model_metadata(model)));
    check(!metadata.at("general.architecture").get<std::string>().empty(), "architecture");
    check(metadata.size() == static_cast<size_t>(llama_model_meta_count(model)), "count");
}

void tokens_give_their_text_back() {
    const std::string text   = " Grüße, 世界! 🙂  two spaces";
    std::vector<llama_token> tokens(128);
    const int32_t count = must([&](char ** error) {
        return puna_tokenize(vocab, text.data(), text.size(), tokens.data(), tokens.size(), false, true, error);
    });
    char error_free[256];
    const auto length = must([&](char ** error) {
        return puna_detokenize(vocab, tokens.data(), count, error_free, sizeof error_free, true, error);
    });
    check(std::string(error_free, length) == text, "got " + std::string(error_free, length));
    check(puna_detokenize(vocab, tokens.data(), count, error_free, 3, true, nullptr) == -length, "needed length");
    const llama_token wrong = 1 << 30;
    check(!error_of([&](char ** error) { return puna_detokenize(vocab, &wrong, 1, error_free, 9, true, error); }).empty(),
          "a token out of range has text");
}

void greedy_answers_are_sensible() {
    const auto prompt  = chat_prompt("What is the capital of France? Answer in one short sentence.");
    const auto sampler = new_sampler(R"({"temperature":0})");
    const auto answer  = generate(prompt, sampler.get(), 24);
    check(answer.text.find("Paris") != std::string::npos, "answered " + answer.text);
    check(answer.text.find("<|") == std::string::npos, "a control token shows in " + answer.text);
}

void seeds_repeat_and_differ() {
    const std::string prompt = chat_prompt("Tell me a story.");
    const auto run = [&](const std::string & params) { return generate(prompt, new_sampler(params).get(), 16).tokens; };
    check(run(R"({"seed":7})") == run(R"({"seed":7})"), "same seed");
    check(run(R"({"seed":7})") != run(R"({"seed":8})"), "other seed");
    check(run(R"({"seed":7,"top_k":0})") == run(R"({"seed":7,"top_k":0})"), "same seed, whole vocabulary");
}

// llama.cpp's own sampler draws the same tokens from the same seed.
std::vector<llama_token> reference_tokens(const std::string & prompt, common_params_sampling params, size_t limit) {
    const auto context = new_context();
    std::unique_ptr<common_sampler, void (*)(common_sampler *)> sampler(common_sampler_init(model, params), common_sampler_free);
    auto                     input = tokenize(prompt);
    std::vector<llama_token> tokens;
    for (const auto token : input) {
        common_sampler_accept(sampler.get(), token, false);
    }
    while (tokens.size() < limit) {
        check(llama_decode(context.get(), llama_batch_get_one(input.data(), input.size())) == 0, "decode");
        const auto token = common_sampler_sample(sampler.get(), context.get(), -1);
        common_sampler_accept(sampler.get(), token, true);
        tokens.push_back(token);
        input = {token};
        if (llama_vocab_is_eog(vocab, token)) {
            break;
        }
    }
    return tokens;
}

// Sums over the whole vocabulary round differently in llama.cpp, which can move where top_p cuts after a while.
constexpr size_t COMPARED = 16;

struct Settings {
    const char * json;
    std::function<void(common_params_sampling &)> set;
};

void draws_equal_those_of_llama_cpp() {
    const std::string prompt = chat_prompt("Write a poem about the sea.");
    const std::vector<Settings> cases = {
        {R"({"seed":1})", [](auto & p) { p.top_p = 0.9f; }},
        {R"({"seed":2,"temperature":1.5,"top_k":100,"top_p":1})", [](auto & p) { p.temp = 1.5f; p.top_k = 100; p.top_p = 1; }},
        {R"({"seed":3,"top_p":0.95,"min_p":0.05})", [](auto & p) { p.top_p = 0.95f; p.min_p = 0.05f; }},
        {R"({"seed":4,"repeat_penalty":1.3,"presence_penalty":0.4,"frequency_penalty":0.2,"repeat_last_n":16})",
         [](auto & p) { p.top_p = 0.9f; p.penalty_repeat = 1.3f; p.penalty_present = 0.4f; p.penalty_freq = 0.2f; p.penalty_last_n = 16; }},
        {R"({"seed":5,"temperature":1.2,"top_k":0,"top_p":0.9})", [](auto & p) { p.temp = 1.2f; p.top_k = 0; p.top_p = 0.9f; }},
        {R"({"seed":6,"temperature":1.0,"top_k":5000,"top_p":0.99})", [](auto & p) { p.temp = 1; p.top_k = 5000; p.top_p = 0.99f; }},
        {R"({"seed":7,"typical_p":0.7,"top_p":0.9})", [](auto & p) { p.typ_p = 0.7f; p.top_p = 0.9f; }},
        {R"({"seed":8,"top_p":0.9,"grammar":"root ::= \"{\" [a-z ]+ \"}\""})",
         [](auto & p) { p.top_p = 0.9f; p.grammar = {COMMON_GRAMMAR_TYPE_USER, "root ::= \"{\" [a-z ]+ \"}\""}; }},
        {R"({"seed":9,"top_k":0,"top_p":0.9,"grammar":"root ::= [a-z ]+"})",
         [](auto & p) { p.top_p = 0.9f; p.top_k = 0; p.grammar = {COMMON_GRAMMAR_TYPE_USER, "root ::= [a-z ]+"}; }},
    };
    for (const auto & one : cases) {
        common_params_sampling params;
        params.seed  = common_json::parse(one.json).at("seed").get<int>();
        params.min_p = 0;
        params.temp  = 0.8f;
        one.set(params);
        const auto expected = reference_tokens(prompt, params, COMPARED);
        const auto got      = generate(prompt, new_sampler(one.json).get(), COMPARED).tokens;
        check(got == expected, std::string("other tokens with ") + one.json);
    }
}

void grammars_are_followed_to_their_end() {
    const auto sampler = new_sampler(R"({"temperature":0,"grammar":"root ::= \"{\\\"x\\\": \" [0-9] [0-9] \"}\""})");
    const auto answer  = generate(chat_prompt("Say hello."), sampler.get(), 32);
    check(answer.ended && answer.text.size() == 9 && answer.text.compare(0, 6, "{\"x\": ") == 0, "answered " + answer.text);
    check(error_of([](char ** error) { return puna_sampler_init(model, R"({"grammar":"root ::= ("})", error); }).find("grammar") !=
              std::string::npos, "a broken grammar is accepted");
}

void lazy_grammars_wait_for_their_trigger() {
    const auto sampler = new_sampler(
        R"({"temperature":0,"grammar":"root ::= \"Paris\" \"!\"+","grammar_lazy":true,)"
        R"("grammar_triggers":[{"type":"word","value":"Paris"}]})");
    const auto answer = generate(chat_prompt("What is the capital of France? Answer in one short sentence."), sampler.get(), 16);
    const auto paris  = answer.text.find("Paris!");
    check(answer.error.empty(), answer.error);
    check(paris != std::string::npos && paris > 0, "answered " + answer.text);
}

void log_probabilities_sum_to_one() {
    const auto answer = generate("Hello", new_sampler(R"({"temperature":0,"repeat_penalty":2})").get(), 1, 20);
    double     sum    = 0;
    for (int i = 0; i < 20; i++) {
        sum += std::exp(answer.last.top_logprob[i]);
        check(i == 0 || answer.last.top_logprob[i] <= answer.last.top_logprob[i - 1], "order");
    }
    check(sum > 0.2 && sum < 1.0 + 1e-4, "sum " + std::to_string(sum));
    const auto context = new_context();
    auto       input   = tokenize("Hello");
    check(llama_decode(context.get(), llama_batch_get_one(input.data(), input.size())) == 0, "decode");
    const float * logits = llama_get_logits_ith(context.get(), -1);
    double        total  = 0;
    const float   most   = logits[answer.last.top_token[0]];
    for (int i = 0; i < llama_vocab_n_tokens(vocab); i++) {
        total += std::exp(static_cast<double>(logits[i]) - most);
    }
    check(std::fabs(-std::log(total) - answer.last.top_logprob[0]) < 1e-4, "the best one's is wrong");
}

void biases_and_bans_work() {
    const auto hello  = tokenize(" hello");
    const auto answer = generate("Hi", new_sampler(R"({"temperature":0,"logit_bias":{")" + std::to_string(hello.back()) + R"(":1000}})").get(), 2);
    check(answer.tokens[0] == hello.back(), "the biased token does not win");
    check(!error_of([](char ** error) { return puna_sampler_init(model, R"({"logit_bias":{"-5":1}})", error); }).empty(), "bias");
}

void a_raised_flag_stops_the_computation() {
    int32_t                   flag    = 1;
    const auto                context = new_context(&flag);
    const auto                input   = tokenize("Hello there");
    std::vector<llama_pos>    positions(input.size());
    std::vector<llama_seq_id> sequences(input.size(), 0);
    for (size_t i = 0; i < input.size(); i++) {
        positions[i] = i;
    }
    check(puna_step(context.get(), input.size(), input.data(), positions.data(), sequences.data(), nullptr, 0, nullptr, nullptr) == 2,
          "not aborted");
    check(taken(puna_context_memory(context.get())).find("\"model\"") != std::string::npos, "memory");
    const std::vector<llama_token> many(5000, input[0]);
    check(error_of([&](char ** error) {
              return puna_step(context.get(), 5000, many.data(), nullptr, nullptr, nullptr, 0, nullptr, error);
          }).find("5000") != std::string::npos, "a batch that is too large");
}

void answers_are_split_into_thinking_content_and_calls() {
    const std::string jinja = "{% for m in messages %}<|im_start|>{{ m.role }}\n{% if m.reasoning_content %}<think>\n"
                              "{{ m.reasoning_content }}\n</think>\n\n{% endif %}{{ m.content }}<|im_end|>\n{% endfor %}"
                              "{% if add_generation_prompt %}<|im_start|>assistant\n<think>\n{% endif %}";
    std::unique_ptr<puna_chat, void (*)(puna_chat *)> chat(
        must([&](char ** error) { return puna_chat_init(model, jinja.c_str(), error); }), puna_chat_free);
    const char * inputs = R"({"messages":[{"role":"user","content":"hi"}]})";
    const auto   result = common_json::parse(taken(must([&](char ** error) { return puna_chat_apply(chat.get(), inputs, error); })));
    const auto   params = result.at("parser").dump();
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
    check(!error_of([](char ** error) { return puna_chat_init(model, "{% if %}", error); }).empty(), "a broken template");
}

using Chat   = std::unique_ptr<puna_chat, void (*)(puna_chat *)>;
using Parser = std::unique_ptr<puna_chat_parser, void (*)(puna_chat_parser *)>;

Chat template_chat(const std::string & name) {
    const char *       folder = std::getenv("PUNA_TEST_TEMPLATES");
    std::ifstream      file(std::string(folder ? folder : ".") + "/" + name + ".jinja");
    std::ostringstream jinja;
    jinja << file.rdbuf();
    check(!jinja.str().empty(), "no template " + name);
    return Chat(must([&](char ** error) { return puna_chat_init(model, jinja.str().c_str(), error); }), puna_chat_free);
}

// What an answer becomes, fed in pieces of `step` bytes: thinking, content, and the calls as name(arguments).
struct Parsed {
    std::string              thinking;
    std::string              content;
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
                const auto & call  = diff.at("tool_call");
                const auto   index = call.at("index").get<size_t>();
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

void tool_calls_come_out_of_text() {
    const auto   chat   = template_chat("Qwen-Qwen3-0.6B");
    const char * inputs = R"({"messages":[{"role":"user","content":"weather in Oslo?"}],"tools":[{"type":"function","function":
        {"name":"weather","description":"d","parameters":{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]}}}]})";
    const auto result = common_json::parse(taken(must([&](char ** error) { return puna_chat_apply(chat.get(), inputs, error); })));
    check(result.at("sampler").at("grammar_lazy").get<bool>(), "the grammar is not lazy");
    check(result.at("supports_thinking").get<bool>(), "no thinking");
    const std::string answer = "<think>\nOslo it is.\n</think>\n\n<tool_call>\n{\"name\": \"weather\", \"arguments\": "
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
    int          plain  = 0;
    for (const char * name : {"google-gemma-2-2b-it", "meta-llama-Llama-3.2-3B-Instruct", "microsoft-Phi-3.5-mini-instruct",
                              "mistralai-Mistral-Nemo-Instruct-2407", "Qwen-Qwen2.5-7B-Instruct", "LFM2-8B-A1B"}) {
        const auto chat   = template_chat(name);
        auto       result = common_json::parse(taken(must([&](char ** error) { return puna_chat_apply(chat.get(), inputs, error); })));
        auto       params = result.at("parser");
        plain += params.at("plain").get<bool>();
        for (const char * text : {"Hello, **world**!\n", "  indented\n\n- a\n- b ", "{\"a\": [1, 2]}", "x < y && <b>z</b>"}) {
            const auto fast = parse_answer(params, text, 3);
            params["plain"] = false;
            const auto slow = parse_answer(params, text, 3);
            check(fast.content == slow.content && slow.thinking.empty(), std::string(name) + ": " + fast.content + " | " + slow.content);
        }
    }
    check(plain >= 4, "only " + std::to_string(plain) + " formats are plain");
}

void schemas_become_grammars() {
    const char * schema  = R"({"type":"object","properties":{"age":{"type":"integer"}},"required":["age"]})";
    const auto   grammar = taken(must([&](char ** error) { return puna_schema_to_grammar(schema, error); }));
    check(grammar.find("root ::=") != std::string::npos, grammar);
    const auto params = common_json::object({{"temperature", 0}, {"grammar", grammar}});
    const auto answer = generate(chat_prompt("How old are you?"), new_sampler(params.dump()).get(), 48);
    check(common_json::parse(answer.text).contains("age"), answer.text);
    check(!error_of([](char ** error) { return puna_schema_to_grammar("{", error); }).empty(), "broken JSON");
}

void a_bad_file_says_why() {
    const std::string path = std::string(std::getenv("TMPDIR") ? std::getenv("TMPDIR") : "/tmp") + "/puna-shim-test.gguf";
    std::ofstream(path) << "this is no model";
    const char * paths[] = {path.c_str()};
    const auto   reason  = error_of([&](char ** error) {
        return puna_model_load(paths, 1, llama_model_default_params(), nullptr, error);
    });
    std::remove(path.c_str());
    check(reason.find("magic") != std::string::npos, "said: " + reason);
}

void a_cancelled_load_stops(const char * path) {
    puna_load    load{0.0f, 1};
    const auto   reason = error_of([&](char ** error) {
        return puna_model_load(&path, 1, llama_model_default_params(), &load, error);
    });
    check(reason == "loading was cancelled", "said: " + reason);
}

}  // namespace

int main(int argc, char ** argv) {
    const char * path = std::getenv("PUNA_TEST_GGUF");
    if (argc != 2 || !path) {
        std::fprintf(stderr, "skipped: needs a library folder and a chat model's path in PUNA_TEST_GGUF\n");
        return SKIPPED;
    }
    puna_log_install(GGML_LOG_LEVEL_CONT);
    puna_backends_load(argv[1]);
    puna_load load{};
    model = must([&](char ** error) { return puna_model_load(&path, 1, llama_model_default_params(), &load, error); });
    vocab = llama_model_get_vocab(model);

    const std::vector<std::pair<const char *, std::function<void()>>> tests = {
        {"versions agree", versions_agree},
        {"devices hold a CPU", devices_hold_a_cpu},
        {"metadata names the architecture", metadata_names_the_architecture},
        {"tokens give their text back", tokens_give_their_text_back},
        {"greedy answers are sensible", greedy_answers_are_sensible},
        {"seeds repeat and differ", seeds_repeat_and_differ},
        {"draws equal those of llama.cpp", draws_equal_those_of_llama_cpp},
        {"grammars are followed to their end", grammars_are_followed_to_their_end},
        {"lazy grammars wait for their trigger", lazy_grammars_wait_for_their_trigger},
        {"log probabilities sum to one", log_probabilities_sum_to_one},
        {"biases and bans work", biases_and_bans_work},
        {"a raised flag stops the computation", a_raised_flag_stops_the_computation},
        {"answers are split", answers_are_split_into_thinking_content_and_calls},
        {"tool calls come out of text", tool_calls_come_out_of_text},
        {"plain parsing equals real parsing", plain_parsing_equals_real_parsing},
        {"schemas become grammars", schemas_become_grammars},
        {"a bad file says why", a_bad_file_says_why},
        {"a cancelled load stops", [path] { a_cancelled_load_stops(path); }},
    };
    int failed = 0;
    for (const auto & [name, test] : tests) {
        try {
            test();
            std::printf("ok    %s\n", name);
        } catch (const std::exception & exception) {
            failed++;
            std::printf("FAIL  %s: %s\n", name, exception.what());
        }
        std::fflush(stdout);
    }
    llama_model_free(model);
    std::printf("%zu passed, %d failed\n", tests.size() - failed, failed);
    return failed == 0 ? 0 : 1;
}
