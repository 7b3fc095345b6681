// SPDX-License-Identifier: Apache-2.0
// Which tokens come out, beside llama.cpp's own sampler too.
#include "test.h"

#include "common.h"
#include "sampling.h"

#include <unistd.h>

#include <cmath>
#include <cstdio>

namespace {

void greedy_answers_are_sensible() {
    const auto prompt  = chat_prompt("What is the capital of France? Answer in one short sentence.");
    const auto sampler = new_sampler(R"({"temperature":0})");
    const auto answer  = generate(prompt, sampler.get(), 24);
    check(answer.text.find("Paris") != std::string::npos, "answered " + answer.text);
    check(answer.text.find("<|") == std::string::npos, "a control token shows in " + answer.text);
}

void seeds_repeat_and_differ() {
    const std::string prompt = chat_prompt("Tell me a story.");
    const auto run           = [&](const std::string & params) {
        return generate(prompt, new_sampler(params).get(), 16).tokens;
    };
    check(run(R"({"seed":7})") == run(R"({"seed":7})"), "same seed");
    check(run(R"({"seed":7})") != run(R"({"seed":8})"), "other seed");
    check(run(R"({"seed":7,"top_k":0})") == run(R"({"seed":7,"top_k":0})"), "same seed, whole vocabulary");
}

// llama.cpp's own sampler draws the same tokens from the same seed.
std::vector<llama_token> reference_tokens(const std::string & prompt, common_params_sampling params, size_t limit) {
    const auto context = new_context();
    std::unique_ptr<common_sampler, void (*)(common_sampler *)> sampler(common_sampler_init(model, params),
                                                                        common_sampler_free);
    auto input = tokenize(prompt);
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

struct Case {
    const char * json;
    std::function<void(common_params_sampling &)> set;
};

void draws_equal_those_of_llama_cpp() {
    const std::string prompt      = chat_prompt("Write a poem about the sea.");
    const std::vector<Case> cases = {
        {R"({"seed":1})",
         [](auto & p) {
             p.top_p = 0.9f;
         }},
        {R"({"seed":2,"temperature":1.5,"top_k":100,"top_p":1})",
         [](auto & p) {
             p.temp  = 1.5f;
             p.top_k = 100;
             p.top_p = 1;
         }},
        {R"({"seed":3,"top_p":0.95,"min_p":0.05})",
         [](auto & p) {
             p.top_p = 0.95f;
             p.min_p = 0.05f;
         }},
        {R"({"seed":4,"repeat_penalty":1.3,"presence_penalty":0.4,"frequency_penalty":0.2,"repeat_last_n":16})",
         [](auto & p) {
             p.top_p           = 0.9f;
             p.penalty_repeat  = 1.3f;
             p.penalty_present = 0.4f;
             p.penalty_freq    = 0.2f;
             p.penalty_last_n  = 16;
         }},
        {R"({"seed":5,"temperature":1.2,"top_k":0,"top_p":0.9})",
         [](auto & p) {
             p.temp  = 1.2f;
             p.top_k = 0;
             p.top_p = 0.9f;
         }},
        {R"({"seed":6,"temperature":1.0,"top_k":5000,"top_p":0.99})",
         [](auto & p) {
             p.temp  = 1;
             p.top_k = 5000;
             p.top_p = 0.99f;
         }},
        {R"({"seed":7,"typical_p":0.7,"top_p":0.9})",
         [](auto & p) {
             p.typ_p = 0.7f;
             p.top_p = 0.9f;
         }},
        {R"({"seed":8,"top_p":0.9,"grammar":"root ::= \"{\" [a-z ]+ \"}\""})",
         [](auto & p) {
             p.top_p   = 0.9f;
             p.grammar = {COMMON_GRAMMAR_TYPE_USER, "root ::= \"{\" [a-z ]+ \"}\""};
         }},
        {R"({"seed":9,"top_k":0,"top_p":0.9,"grammar":"root ::= [a-z ]+"})",
         [](auto & p) {
             p.top_p   = 0.9f;
             p.top_k   = 0;
             p.grammar = {COMMON_GRAMMAR_TYPE_USER, "root ::= [a-z ]+"};
         }},
        {R"({"seed":10,"top_p":0.9,"grammar":"root ::= [а-я]+ \"é\" [^a-z]+"})",
         [](auto & p) {
             p.top_p   = 0.9f;
             p.grammar = {COMMON_GRAMMAR_TYPE_USER, "root ::= [а-я]+ \"é\" [^a-z]+"};
         }},
        {R"({"seed":11,"top_p":0.9,"grammar":"root ::= \"[\" ([0-9]+ \",\")+ \"]\""})",
         [](auto & p) {
             p.top_p   = 0.9f;
             p.grammar = {COMMON_GRAMMAR_TYPE_USER, "root ::= \"[\" ([0-9]+ \",\")+ \"]\""};
         }},
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
    check(answer.ended && answer.text.size() == 9 && answer.text.compare(0, 6, "{\"x\": ") == 0,
          "answered " + answer.text);
    int32_t reason   = 1;
    const auto error = error_of([&](char ** error) {
        return puna_sampler_init(model, R"({"grammar":"root ::= ("})", &reason, error);
    });
    check(error.find("grammar") != std::string::npos && reason == 0, "a broken grammar is accepted");
}

// A text that is the name of a control token is written, not the token, of which nothing would be seen.
void grammars_are_followed_by_what_is_seen() {
    const auto sampler = new_sampler(R"({"temperature":0,"grammar":"root ::= \"<|im_start|>\""})");
    check(generate("Some text", sampler.get(), 32).text == "<|im_start|>", "a token that does not show");
}

void refuses_as_too_costly(const std::string & params) {
    int32_t reason   = 0;
    const auto error = error_of(
        [&](char ** error) { return puna_sampler_init(model, params.c_str(), &reason, error); });
    check(reason == PUNA_TOO_COSTLY && error.find("too many ways") != std::string::npos, "said \"" + error + "\"");
}

// Counts what is printed to standard error while it lives.
class StandardError {
public:
    StandardError() : file_(std::tmpfile()), before_(dup(STDERR_FILENO)) { dup2(fileno(file_), STDERR_FILENO); }
    ~StandardError() {
        dup2(before_, STDERR_FILENO);
        close(before_);
        std::fclose(file_);
    }
    off_t bytes() const { return lseek(fileno(file_), 0, SEEK_END); }

private:
    std::FILE * file_;
    int before_;
};

// llama.cpp makes two thousand rules of each repetition, and prints what it could not read.
void grammars_that_repeat_too_much_are_refused() {
    std::string rules = "root ::= \\\"x\\\"";
    for (int i = 0; i < 1000; i++) {
        rules += " | \\\"x\\\"{0,2000}";
    }
    const StandardError printed;
    refuses_as_too_costly(R"({"grammar":")" + rules + "\"}");
    check(printed.bytes() < 1000, "the grammar is printed");
}

// After n brackets it has 4^n ways to go on.
void grammars_of_too_many_ways_are_stopped() {
    const std::string grammar =
        R"("grammar":"root ::= \"x\" root \"a\" | \"x\" root \"b\" | \"x\" root \"c\" | \"x\" root \"d\" | \"z\"")";
    const auto prefilled = "{" + grammar + R"(,"grammar_prefill":")" + std::string(20, 'x') + "\"}";
    refuses_as_too_costly(prefilled);
    const auto sampler = new_sampler("{" + grammar + R"(,"temperature":0,"logit_bias":[]})");
    const auto answer  = generate("x x x x x x x x x x x x x x x x x x x x x", sampler.get(), 40);
    check(answer.ended, "the answer goes on");
    check(answer.tokens.back() == PUNA_TOO_COSTLY || answer.text.find('z') != std::string::npos, answer.text);
}

void lazy_grammars_wait_for_their_trigger() {
    const auto sampler = new_sampler(R"({"temperature":0,"grammar":"root ::= \"Paris\" \"!\"+","grammar_lazy":true,)"
                                     R"("grammar_triggers":[{"type":"word","value":"Paris"}]})");
    const auto answer =
        generate(chat_prompt("What is the capital of France? Answer in one short sentence."), sampler.get(), 16);
    const auto paris = answer.text.find("Paris!");
    check(answer.error.empty(), answer.error);
    check(paris != std::string::npos && paris > 0, "answered " + answer.text);
}

// Tokens of letters only: the first, the next, and the last of the vocabulary.
std::vector<llama_token> words_far_and_near() {
    std::vector<llama_token> words;
    for (llama_token token = 0; token < llama_vocab_n_tokens(vocab); token++) {
        const auto piece = common_token_to_piece(vocab, token, true);
        if (!piece.empty() && piece.find_first_not_of("abcdefghijklmnopqrstuvwxyz") == std::string::npos) {
            words.push_back(token);
        }
    }
    return {words[0], words[1], words.back()};
}

// So large a bias swallows the logits: the tokens are equals, in one part of the vocabulary or far apart.
void equals_are_chosen_as_llama_cpp_does() {
    const auto words = words_far_and_near();
    for (const auto & pair : {std::make_pair(words[0], words[1]), std::make_pair(words[0], words[2])}) {
        for (const int seed : {1, 2}) {
            common_params_sampling params;
            params.seed       = seed;
            params.top_p      = 0.9f;
            params.grammar    = {COMMON_GRAMMAR_TYPE_USER, "root ::= [a-z]+"};
            params.logit_bias = {{pair.first, 1e9f}, {pair.second, 1e9f}};
            const auto json   = R"({"top_p":0.9,"grammar":"root ::= [a-z]+","seed":)" + std::to_string(seed) +
                              R"(,"logit_bias":{")" + std::to_string(pair.first) + R"(":1e9,")" +
                              std::to_string(pair.second) + R"(":1e9}})";
            const auto prompt = chat_prompt("Write a poem about the sea.");
            const auto ours   = generate(prompt, new_sampler(json).get(), COMPARED).tokens;
            check(ours == reference_tokens(prompt, params, COMPARED), "equals, " + json);
            for (const auto token : ours) {
                check(token == pair.first || token == pair.second, "one of both, " + json);
            }
        }
    }
}

void log_probabilities_sum_to_one() {
    const auto answer = generate("Hello", new_sampler(R"({"temperature":0,"repeat_penalty":2})").get(), 1, 20);
    double sum        = 0;
    for (int i = 0; i < 20; i++) {
        sum += std::exp(answer.last.top_logprob[i]);
        check(i == 0 || answer.last.top_logprob[i] <= answer.last.top_logprob[i - 1], "order");
    }
    check(sum > 0.2 && sum < 1.0 + 1e-4, "sum " + std::to_string(sum));
    const auto context = new_context();
    auto input         = tokenize("Hello");
    check(llama_decode(context.get(), llama_batch_get_one(input.data(), input.size())) == 0, "decode");
    const float * logits = llama_get_logits_ith(context.get(), -1);
    double total         = 0;
    const float most     = logits[answer.last.top_token[0]];
    for (int i = 0; i < llama_vocab_n_tokens(vocab); i++) {
        total += std::exp(static_cast<double>(logits[i]) - most);
    }
    check(std::fabs(-std::log(total) - answer.last.top_logprob[0]) < 1e-4, "the best one's is wrong");
}

void biases_and_bans_work() {
    const auto hello  = tokenize(" hello");
    const auto answer = generate(
        "Hi", new_sampler(R"({"temperature":0,"logit_bias":{")" + std::to_string(hello.back()) + R"(":1000}})").get(),
        2);
    check(answer.tokens[0] == hello.back(), "the biased token does not win");
    int32_t reason = 0;
    check(!error_of([&](char ** error) {
               return puna_sampler_init(model, R"({"logit_bias":{"-5":1}})", &reason, error);
           }).empty(),
          "bias");
}

}  // namespace

void add_sampling_tests(Tests & tests) {
    tests.emplace_back("greedy answers are sensible", greedy_answers_are_sensible);
    tests.emplace_back("seeds repeat and differ", seeds_repeat_and_differ);
    tests.emplace_back("draws equal those of llama.cpp", draws_equal_those_of_llama_cpp);
    tests.emplace_back("grammars are followed to their end", grammars_are_followed_to_their_end);
    tests.emplace_back("grammars are followed by what is seen", grammars_are_followed_by_what_is_seen);
    tests.emplace_back("grammars that repeat too much are refused", grammars_that_repeat_too_much_are_refused);
    tests.emplace_back("grammars of too many ways are stopped", grammars_of_too_many_ways_are_stopped);
    tests.emplace_back("lazy grammars wait for their trigger", lazy_grammars_wait_for_their_trigger);
    tests.emplace_back("equals are chosen as llama.cpp does", equals_are_chosen_as_llama_cpp_does);
    tests.emplace_back("log probabilities sum to one", log_probabilities_sum_to_one);
    tests.emplace_back("biases and bans work", biases_and_bans_work);
}
