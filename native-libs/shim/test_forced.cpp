// SPDX-License-Identifier: Apache-2.0
// Tokens that come because a grammar leaves no choice.
#include "test.h"

namespace {

constexpr const char * PROMPT = "The weather in Oslo as JSON: ";

std::string params(const std::string & grammar, const std::string & more = "\"temperature\":0,") {
    return common_json::object({{"grammar", grammar}}).dump().substr(1).insert(0, "{" + more);
}

Answer with(const std::string & params, int32_t most = PUNA_FORCED_MAX, int limit = 64) {
    return generate(PROMPT, new_sampler(params).get(), limit, -1, most);
}

Answer without(const std::string & params, int limit = 64) {
    return with("{\"forced_text\":false," + params.substr(1), PUNA_FORCED_MAX, limit);
}

const std::string KEYS = "root ::= \"{\\\"temperature_in_degrees_celsius\\\": \" [0-9] \", \\\"relative_humidity\\\": \" [0-9] "
                         "\", \\\"description_of_the_sky\\\": \\\"\" (\"clear\" | \"cloudy\") \"\\\"}\"";

void text_without_a_choice_is_not_sampled() {
    const auto quick = with(params(KEYS));
    const auto slow  = without(params(KEYS));
    check(quick.ended && slow.ended, "no end");
    for (const auto * text : {"{\"temperature_in_degrees_celsius\": ", ", \"relative_humidity\": ", ", \"description_of_the_sky\": \""}) {
        check(quick.text.find(text) != std::string::npos, quick.text);
    }
    check(quick.tokens.size() <= slow.tokens.size(), "more tokens");
    check(quick.forced >= 8, std::to_string(quick.forced) + " of " + std::to_string(quick.tokens.size()) + " are forced");
    check(slow.forced == 0, "forced although none was wanted");
}

// So those who want log probabilities, or have room for few, get what all others get.
void the_answer_does_not_depend_on_how_many_are_wanted() {
    for (const auto * more : {"\"temperature\":0,", "\"temperature\":1,\"seed\":7,"}) {
        const auto all = with(params(KEYS, more));
        for (int most = 0; most < 5; most++) {
            const auto some = with(params(KEYS, more), most);
            check(some.tokens == all.tokens, all.text + " and with at most " + std::to_string(most) + " " + some.text);
            check((some.forced == 0) == (most == 0), std::to_string(some.forced) + " forced");
        }
    }
}

void no_more_come_than_are_wanted() {
    for (int most = 1; most < 4; most++) {
        const auto context = new_context();
        const auto sampler = new_sampler(params(KEYS));
        const auto input   = tokenize(PROMPT);
        std::vector<llama_pos> positions(input.size());
        std::vector<llama_seq_id> sequences(input.size(), 0);
        std::vector<int8_t> outputs(input.size(), 0);
        for (size_t i = 0; i < input.size(); i++) {
            positions[i] = i;
        }
        outputs.back() = 1;
        puna_row row{};
        row.sampler     = sampler.get();
        row.batch_index = input.size() - 1;
        row.n_top       = -1;
        row.n_forced    = most;
        check(puna_step(context.get(), input.size(), input.data(), positions.data(), sequences.data(), outputs.data(), 1, &row,
                        nullptr) == 0,
              "step");
        check(row.n_forced == most, std::to_string(row.n_forced) + " of " + std::to_string(most));
    }
}

void nothing_is_forced_where_there_is_a_choice() {
    for (const auto * grammar : {"root ::= [a-z ]{1,20}", "root ::= \"ab\" | \"ac\"", "root ::= [0-9]+", "root ::= \"a\"+"}) {
        check(with(params(grammar)).forced == 0, grammar);
    }
}

// The last word of what is certain may go on, and then has other tokens.
void a_word_that_may_go_on_is_left_to_the_sampler() {
    const auto answer = with(params("root ::= \"{ temperate\" | \"{ temperature\""));
    check(answer.text == without(params("root ::= \"{ temperate\" | \"{ temperature\"")).text, answer.text);
    check(answer.forced == 0, std::to_string(answer.forced) + " forced");
}

void tokens_that_a_bias_speaks_of_are_sampled() {
    const auto all   = with(params(KEYS));
    std::string bias = R"("temperature":0,"logit_bias":{)";
    for (const auto token : all.tokens) {
        bias += (bias.back() == '{' ? "\"" : ",\"") + std::to_string(token) + "\":0.5";
    }
    check(with(params(KEYS, bias + "},")).forced == 0, "a biased token is forced");
}

void characters_of_several_bytes_stay_whole() {
    const std::string grammar = "root ::= \"{\\\"größe_des_körpers\\\": \" [0-9] \", \\\"温度の測定値\\\": \" [0-9] \"}\"";
    const auto answer         = with(params(grammar));
    check(answer.ended && answer.text.find("{\"größe_des_körpers\": ") == 0 &&
              answer.text.find(", \"温度の測定値\": ") != std::string::npos,
          answer.text);
    check(answer.forced > 4, std::to_string(answer.forced) + " forced");
}

void long_constants_come_whole() {
    std::string constant;
    for (int i = 0; i < 60; i++) {
        constant += "word " + std::to_string(i) + ", ";
    }
    const auto answer = with(params("root ::= \"" + constant + "\""), PUNA_FORCED_MAX, 900);
    check(answer.text == constant && answer.ended, answer.text);
    check(answer.forced * 10 > answer.tokens.size() * 8, std::to_string(answer.forced) + " of " + std::to_string(answer.tokens.size()));
}

void names_of_control_tokens_in_constants_are_text() {
    const auto answer = with(params("root ::= \"{ <|im_end|> is written here: <|im_start|> }\""));
    check(answer.text == "{ <|im_end|> is written here: <|im_start|> }", answer.text);
}

void lazy_grammars_force_once_they_are_triggered() {
    const std::string lazy = R"({"temperature":0,"grammar":"root ::= \"Paris\" \" was founded by the old Romans\"",)"
                             R"("grammar_lazy":true,"grammar_triggers":[{"type":"word","value":"Paris"}]})";
    const auto prompt = chat_prompt("What is the capital of France? Answer in one short sentence.");
    const auto answer = generate(prompt, new_sampler(lazy).get(), 32, -1, PUNA_FORCED_MAX);
    check(answer.error.empty() && answer.text.find("Paris was founded by the old Romans") != std::string::npos, answer.text);
    check(answer.forced >= 3, std::to_string(answer.forced) + " forced");
}

// Its copy would take longer than what it saves.
void large_grammars_do_without() {
    std::string grammar = "root ::= \"{ this is a long text that could be forced: \" x\nx ::= \"a\"";
    for (int i = 0; i < 12000; i++) {
        grammar += " | \"b" + std::to_string(i) + "\"";
    }
    check(with(params(grammar), PUNA_FORCED_MAX, 12).forced == 0, "forced");
}

}  // namespace

void add_forced_tests(Tests & tests) {
    tests.emplace_back("text without a choice is not sampled", text_without_a_choice_is_not_sampled);
    tests.emplace_back("the answer does not depend on how many are wanted", the_answer_does_not_depend_on_how_many_are_wanted);
    tests.emplace_back("no more come than are wanted", no_more_come_than_are_wanted);
    tests.emplace_back("nothing is forced where there is a choice", nothing_is_forced_where_there_is_a_choice);
    tests.emplace_back("a word that may go on is left to the sampler", a_word_that_may_go_on_is_left_to_the_sampler);
    tests.emplace_back("tokens that a bias speaks of are sampled", tokens_that_a_bias_speaks_of_are_sampled);
    tests.emplace_back("characters of several bytes stay whole", characters_of_several_bytes_stay_whole);
    tests.emplace_back("long constants come whole", long_constants_come_whole);
    tests.emplace_back("names of control tokens in constants are text", names_of_control_tokens_in_constants_are_text);
    tests.emplace_back("lazy grammars force once they are triggered", lazy_grammars_force_once_they_are_triggered);
    tests.emplace_back("large grammars do without", large_grammars_do_without);
}
