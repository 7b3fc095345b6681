// SPDX-License-Identifier: Apache-2.0
// Guesses verified in one step: the same tokens come as without, whatever was guessed.
#include "test.h"

#include <random>

namespace {

constexpr int LIMIT = 48;
constexpr int MOST  = 6;

// What can be guessed: what follows in `text`, and one in `wrong` tokens is another.
std::vector<llama_token> guesses_of(const std::vector<llama_token> & text, size_t from, int wrong, std::mt19937 & random) {
    std::vector<llama_token> guesses;
    const size_t count = random() % (MOST + 1);
    for (size_t i = from; i < text.size() && guesses.size() < count; i++) {
        guesses.push_back(random() % wrong == 0 ? text[i] ^ 1 : text[i]);
    }
    return guesses;
}

puna_row row_of(puna_sampler * sampler, int32_t batch_index, llama_token expected) {
    puna_row row{};
    row.sampler     = sampler;
    row.batch_index = batch_index;
    row.n_top       = 0;
    row.expected    = expected;
    return row;
}

struct Steps {
    std::vector<llama_token> tokens;
    int steps = 0;
};

// As generate of test.h does, with guesses at what is known to come.
Steps generate_with_guesses(const std::string & prompt, puna_sampler * sampler, const std::vector<llama_token> & known, int wrong) {
    std::mt19937 random(42);
    const auto context = new_context();
    auto input         = tokenize(prompt);
    int32_t past       = 0;
    size_t pending     = input.size();
    Steps result;
    puna_sampler_accept_prompt(sampler, input.data(), input.size());
    for (bool ended = false; result.tokens.size() < known.size() && !ended; result.steps++) {
        const auto guesses = guesses_of(known, result.tokens.size(), wrong, random);
        input.insert(input.end(), guesses.begin(), guesses.end());
        std::vector<llama_pos> positions(input.size());
        std::vector<llama_seq_id> sequences(input.size(), 0);
        std::vector<int8_t> outputs(input.size(), 0);
        std::vector<puna_row> rows(guesses.size() + 1);
        for (size_t i = 0; i < input.size(); i++) {
            positions[i] = past + i;
        }
        for (size_t i = 0; i < rows.size(); i++) {
            rows[i] = row_of(sampler, pending - 1 + i, i < guesses.size() ? guesses[i] : LLAMA_TOKEN_NULL);
            outputs[rows[i].batch_index] = 1;
        }
        check(must([&](char ** error) {
                  return puna_step(context.get(), input.size(), input.data(), positions.data(), sequences.data(),
                                   outputs.data(), rows.size(), rows.data(), error);
              }) == 0,
              "no step");
        size_t reached = 0;
        while (reached < rows.size() && rows[reached].token != PUNA_NOT_REACHED) {
            check(!ended, "a row after the end was sampled");
            check(reached == 0 || rows[reached - 1].token == guesses[reached - 1], "a row after a wrong guess was sampled");
            result.tokens.push_back(rows[reached].token);
            ended = rows[reached].end != 0;
            reached++;
        }
        for (size_t i = reached; i < rows.size(); i++) {
            check(rows[i].token == PUNA_NOT_REACHED && rows[i].end == 1 && rows[i].piece_length == 0, "what is not reached");
        }
        past += pending + reached - 1;
        check(llama_memory_seq_rm(llama_get_memory(context.get()), 0, past, -1), "guesses cannot be taken back");
        input   = {result.tokens.back()};
        pending = 1;
    }
    return result;
}

void the_same_tokens_come_whatever_is_guessed() {
    const std::string prompt = chat_prompt("Write a poem about the sea.");
    for (const char * params :
         {R"({"temperature":0})", R"({"seed":1})", R"({"seed":2,"temperature":1.5,"top_k":0,"top_p":0.95})",
          R"({"seed":3,"repeat_penalty":1.3,"presence_penalty":0.4,"frequency_penalty":0.2,"repeat_last_n":16})",
          R"({"seed":4,"grammar":"root ::= \"{\" [a-z ]+ \"}\""})", R"({"temperature":0,"repeat_penalty":1.2,"repeat_last_n":-1})"}) {
        const auto plain = generate(prompt, new_sampler(params).get(), LIMIT, 0);
        for (const int wrong : {1000, 5, 2, 1}) {
            const auto result = generate_with_guesses(prompt, new_sampler(params).get(), plain.tokens, wrong);
            auto tokens       = result.tokens;
            tokens.resize(std::min(tokens.size(), plain.tokens.size()));
            check(tokens == plain.tokens, std::string("other tokens with ") + params + ", one wrong in " + std::to_string(wrong));
            check(wrong < 1000 || plain.tokens.size() < 10 || result.steps < static_cast<int>(plain.tokens.size()) / 2,
                  std::to_string(result.steps) + " steps for " + std::to_string(plain.tokens.size()) + " tokens");
        }
    }
}

// Two sequences in one step: a wrong guess of one leaves the other's rows alone.
void runs_end_where_nothing_is_expected() {
    const auto context = new_context();
    const auto left    = new_sampler(R"({"temperature":0})");
    const auto right   = new_sampler(R"({"temperature":0})");
    const auto input   = tokenize("The capital of France is");
    std::vector<llama_token> tokens(input);
    std::vector<llama_pos> positions;
    std::vector<int8_t> outputs(input.size() + 2, 0);
    tokens.insert(tokens.end(), {0, 0});
    for (size_t i = 0; i < tokens.size(); i++) {
        positions.push_back(i);
        outputs[i] = i + 3 >= tokens.size();
    }
    const std::vector<llama_seq_id> sequences(tokens.size(), 0);
    const int32_t last = input.size() - 1;
    std::vector<puna_row> rows(4);
    for (int i = 0; i < 3; i++) {
        rows[i] = row_of(left.get(), last + i, i < 2 ? 0 : LLAMA_TOKEN_NULL);
    }
    rows[3] = row_of(right.get(), last, LLAMA_TOKEN_NULL);
    check(must([&](char ** error) {
              return puna_step(context.get(), tokens.size(), tokens.data(), positions.data(), sequences.data(),
                               outputs.data(), rows.size(), rows.data(), error);
          }) == 0,
          "no step");
    check(rows[0].token > 0 && rows[1].token == PUNA_NOT_REACHED && rows[2].token == PUNA_NOT_REACHED, "the run goes on");
    check(rows[3].token == rows[0].token, "the other run is not sampled");
}

}  // namespace

void add_guess_tests(Tests & tests) {
    tests.emplace_back("the same tokens come whatever is guessed", the_same_tokens_come_whatever_is_guessed);
    tests.emplace_back("runs end where nothing is expected", runs_end_where_nothing_is_expected);
}
