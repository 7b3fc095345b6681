// SPDX-License-Identifier: Apache-2.0
// What a sampled token costs, ours against llama.cpp's common_sampler, in one run on the same logits:
//   shim-bench LIBRARY_FOLDER MODEL.gguf
#include "sampler.h"
#include "support.h"

#include "common.h"
#include "json-schema-to-grammar.h"
#include "sampling.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <functional>

namespace {

constexpr int ROWS   = 24;
constexpr int ROUNDS = 15;

struct Case {
    const char * name;
    const char * ours;
    std::function<void(common_params_sampling &)> theirs;
};

// The logits that follow each token of a text the model writes.
std::vector<std::vector<float>> real_rows(llama_context * context, const llama_vocab * vocab) {
    std::vector<std::vector<float>> rows;
    auto input = common_tokenize(vocab, "Once upon a time there was a small village by the sea, and", true, true);
    while (rows.size() < ROWS) {
        if (llama_decode(context, llama_batch_get_one(input.data(), input.size())) != 0) {
            throw std::runtime_error("llama_decode failed");
        }
        const float * logits = llama_get_logits_ith(context, -1);
        rows.emplace_back(logits, logits + llama_vocab_n_tokens(vocab));
        input = {
            static_cast<llama_token>(std::max_element(rows.back().begin(), rows.back().end()) - rows.back().begin())};
    }
    return rows;
}

// Median microseconds of a call on each row, whose logits are where llama_decode would have left them.
double median_us(const std::vector<std::vector<float>> & rows, float * logits, const std::function<void()> & call) {
    std::vector<double> times;
    for (int round = 0; round < ROUNDS; round++) {
        for (const auto & row : rows) {
            std::memcpy(logits, row.data(), row.size() * sizeof(float));
            const auto start = std::chrono::steady_clock::now();
            call();
            times.push_back(
                std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - start).count());
        }
    }
    std::nth_element(times.begin(), times.begin() + times.size() / 2, times.end());
    return times[times.size() / 2];
}

// The sampling that Puna does by default, in llama.cpp's terms.
common_params_sampling defaults() {
    common_params_sampling settings;
    settings.seed     = 1;
    settings.temp     = 0.8f;
    settings.top_p    = 0.9f;
    settings.min_p    = 0;
    settings.no_perf  = true;
    settings.samplers = {COMMON_SAMPLER_TYPE_PENALTIES, COMMON_SAMPLER_TYPE_TOP_K, COMMON_SAMPLER_TYPE_TOP_P,
                         COMMON_SAMPLER_TYPE_TEMPERATURE};
    return settings;
}

void accept_some(puna_sampler & ours, common_sampler * theirs) {
    for (llama_token token = 100; token < 164; token++) {
        ours.accept_prompt(token);
        common_sampler_accept(theirs, token, false);
    }
}

// What choosing and accepting cost while the model writes under a grammar: mean microseconds a token.
double generation_us(llama_context * context, const llama_vocab * vocab, const std::function<llama_token()> & next) {
    llama_memory_clear(llama_get_memory(context), true);
    auto input   = common_tokenize(vocab, "A person as JSON, with name, age and a short biography:\n", true, true);
    double spent = 0;
    int count    = 0;
    while (count < 96) {
        if (llama_decode(context, llama_batch_get_one(input.data(), input.size())) != 0) {
            throw std::runtime_error("llama_decode failed");
        }
        const auto start = std::chrono::steady_clock::now();
        input            = {next()};
        spent += std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - start).count();
        count++;
        if (llama_vocab_is_eog(vocab, input.front())) {
            break;
        }
    }
    return spent / count;
}

void compare_generation(llama_model * model, llama_context * context, const llama_vocab * vocab) {
    const std::string grammar = json_schema_to_grammar(
        common_json::parse(R"({"type":"object","properties":{"name":{"type":"string"},"age":{"type":"integer"},)"
                           R"("biography":{"type":"string"}},"required":["name","age","biography"]})"));
    puna_sampler ours(model, common_json::object({{"seed", 1}, {"grammar", grammar}}));
    common_params_sampling settings = defaults();
    settings.grammar                = {COMMON_GRAMMAR_TYPE_USER, grammar};
    auto * theirs                   = common_sampler_init(model, settings);
    const double a                  = generation_us(context, vocab, [&] {
        const auto token = ours.sample(llama_get_logits_ith(context, -1));
        ours.accept(token);
        return token;
    });
    const double b                  = generation_us(context, vocab, [&] {
        const auto token = common_sampler_sample(theirs, context, -1);
        common_sampler_accept(theirs, token, true);
        return token;
    });
    std::printf("%-28s %10.1f %15.1f %8.3f   (mean of a generation)\n", "an object by its schema", a, b, a / b);
    common_sampler_free(theirs);
}

}  // namespace

int main(int argc, char ** argv) {
    if (argc != 3) {
        std::fprintf(stderr, "usage: shim-bench LIBRARY_FOLDER MODEL.gguf\n");
        return 2;
    }
    puna_log_install(GGML_LOG_LEVEL_ERROR);
    puna_backends_load(argv[1], "", 1);
    char * error      = nullptr;
    const char * path = argv[2];
    auto * model      = puna_model_load(&path, 1, llama_model_default_params(), nullptr, nullptr, 0, nullptr, &error);
    if (!model) {
        std::fprintf(stderr, "%s\n", error);
        return 1;
    }
    auto params            = llama_context_default_params();
    params.n_ctx           = 256;
    params.n_threads       = 1;
    params.n_threads_batch = 1;
    auto * context         = llama_init_from_model(model, params);
    const auto * vocab     = llama_model_get_vocab(model);
    const auto rows        = real_rows(context, vocab);
    float * logits         = llama_get_logits_ith(context, -1);

    const std::vector<Case> cases = {
        {"top_k 40, top_p 0.9, t 0.8", R"({"seed":1})",
         [](auto &) {
         }},
        {"the same, penalties", R"({"seed":1,"repeat_penalty":1.1})",
         [](auto & p) {
             p.penalty_repeat = 1.1f;
         }},
        {"greedy", R"({"temperature":0})",
         [](auto & p) {
             p.temp  = 0;
             p.top_k = 1;
         }},
        {"top_k 0, top_p 0.9, t 0.8", R"({"seed":1,"top_k":0})",
         [](auto & p) {
             p.top_k = 0;
         }},
        {"top_k 0, t 1", R"({"seed":1,"top_k":0,"top_p":1,"temperature":1})",
         [](auto & p) {
             p.top_k = 0;
             p.top_p = 1;
             p.temp  = 1;
         }},
        {"grammar that misses", R"({"seed":1,"grammar":"root ::= [0-9,]+"})",
         [](auto & p) {
             p.grammar = {COMMON_GRAMMAR_TYPE_USER, "root ::= [0-9,]+"};
         }},
    };
    std::printf("vocabulary %d, microseconds a token, median of %d\n", llama_vocab_n_tokens(vocab), ROWS * ROUNDS);
    std::printf("%-28s %10s %15s %8s\n", "", "puna", "common_sampler", "ratio");
    for (const auto & one : cases) {
        common_params_sampling settings = defaults();
        one.theirs(settings);
        puna_sampler ours(model, common_json::parse(one.ours));
        auto * theirs = common_sampler_init(model, settings);
        accept_some(ours, theirs);
        const double a = median_us(rows, logits, [&] { ours.sample(logits); });
        const double b = median_us(rows, logits, [&] { common_sampler_sample(theirs, context, -1); });
        std::printf("%-28s %10.1f %15.1f %8.3f\n", one.name, a, b, a / b);
        common_sampler_free(theirs);
    }
    compare_generation(model, context, vocab);
    llama_free(context);
    llama_model_free(model);
    return 0;
}
