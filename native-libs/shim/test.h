// SPDX-License-Identifier: Apache-2.0
// What the shim's tests share: checks that throw, C strings and errors taken over, and generating with the loaded
// model.
#pragma once

#include "puna_shim.h"

#include "json.h"

#include <algorithm>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

using Tests = std::vector<std::pair<const char *, std::function<void()>>>;

void add_model_tests(Tests & tests, const char * path);
void add_sampling_tests(Tests & tests);
void add_forced_tests(Tests & tests);
void add_chat_tests(Tests & tests);
void add_guess_tests(Tests & tests);

[[noreturn]] inline void fail(const std::string & what) {
    throw std::runtime_error(what);
}

inline void check(bool holds, const std::string & what) {
    if (!holds) {
        fail(what);
    }
}

// Takes over a string that the shim returned.
inline std::string taken(char * text) {
    std::string copy = text ? text : "";
    puna_string_free(text);
    return copy;
}

template <typename Call>
auto must(Call && call) {
    char * error = nullptr;
    auto result  = call(&error);
    if (error) {
        fail(taken(error));
    }
    return result;
}

template <typename Call>
std::string error_of(Call && call) {
    char * error = nullptr;
    call(&error);
    return taken(error);
}

// Loaded once by main.
inline llama_model * model       = nullptr;
inline const llama_vocab * vocab = nullptr;

struct FreeContext {
    void operator()(llama_context * context) const { llama_free(context); }
};
struct FreeSampler {
    void operator()(puna_sampler * sampler) const { puna_sampler_free(sampler); }
};
using Context = std::unique_ptr<llama_context, FreeContext>;
using Sampler = std::unique_ptr<puna_sampler, FreeSampler>;

inline Context new_context(const int32_t * abort_flag = nullptr) {
    auto params            = llama_context_default_params();
    params.n_ctx           = 1024;
    params.n_threads       = 1;
    params.n_threads_batch = 1;
    return Context(must([&](char ** error) { return puna_context_init(model, params, abort_flag, error); }));
}

inline Sampler new_sampler(const std::string & params) {
    int32_t reason = 0;
    return Sampler(must([&](char ** error) { return puna_sampler_init(model, params.c_str(), &reason, error); }));
}

inline std::vector<llama_token> tokenize(const std::string & text) {
    std::vector<llama_token> tokens(text.size() + 8);
    const int32_t count = must([&](char ** error) {
        return puna_tokenize(vocab, text.data(), text.size(), tokens.data(), tokens.size(), true, true, error);
    });
    tokens.resize(count);
    return tokens;
}

struct Answer {
    std::string text;
    std::vector<llama_token> tokens;
    size_t forced = 0;  // of them
    bool ended = false;
    std::string error;
    puna_row last{};
};

// Feeds the prompt and generates up to `limit` tokens.
inline Answer generate(const std::string & prompt, puna_sampler * sampler, int limit, int32_t n_top = -1,
                       int32_t most_forced = 0) {
    const auto context = new_context();
    auto input         = tokenize(prompt);
    int32_t past       = 0;
    Answer answer;
    puna_sampler_accept_prompt(sampler, input.data(), input.size());
    while (static_cast<int>(answer.tokens.size()) < limit && !answer.ended) {
        const int32_t count = input.size();
        std::vector<llama_pos> positions(count);
        for (int32_t i = 0; i < count; i++) {
            positions[i] = past++;
        }
        std::vector<llama_seq_id> sequences(count, 0);
        std::vector<int8_t> outputs(count, 0);
        outputs.back()    = 1;
        puna_row & row    = answer.last;
        row.sampler       = sampler;
        row.batch_index   = count - 1;
        row.n_top         = n_top;
        row.expected      = LLAMA_TOKEN_NULL;
        row.n_forced      = std::min(most_forced, limit - static_cast<int32_t>(answer.tokens.size()) - 1);
        char * error      = nullptr;
        const auto result = puna_step(context.get(), count, input.data(), positions.data(), sequences.data(),
                                      outputs.data(), 1, &row, &error);
        answer.error += taken(error);
        check(result == 0, "step gave " + std::to_string(result) + " " + answer.error);
        answer.tokens.push_back(row.token);
        answer.text.append(row.piece, std::min(row.piece_length, PUNA_PIECE_MAX));
        answer.ended = row.end != 0;
        input        = {row.token};
        for (int32_t i = 0; i < row.n_forced; i++) {
            char piece[PUNA_PIECE_MAX];
            answer.text.append(piece, llama_token_to_piece(vocab, row.forced[i], piece, sizeof piece, 0, false));
            answer.tokens.push_back(row.forced[i]);
            answer.forced++;
            input.push_back(row.forced[i]);
        }
    }
    return answer;
}

inline std::string chat_prompt(const std::string & question) {
    std::unique_ptr<puna_chat, void (*)(puna_chat *)> chat(
        must([](char ** error) { return puna_chat_init(model, nullptr, error); }), puna_chat_free);
    const auto inputs = common_json::object(
        {{"messages", common_json::array({common_json::object({{"role", "user"}, {"content", question}})})}});
    const auto result =
        taken(must([&](char ** error) { return puna_chat_apply(chat.get(), inputs.dump().c_str(), error); }));
    return common_json::parse(result).at("prompt").get<std::string>();
}
