// SPDX-License-Identifier: Apache-2.0
#include "settings.h"

#include "common.h"

#include <cmath>
#include <random>

namespace puna {

namespace {

float number(const common_json & params, const char * name, float otherwise) {
    const float value = params.contains(name) && params.at(name).is_number() ? params.at(name).get<float>() : otherwise;
    if (!std::isfinite(value)) {
        throw std::invalid_argument(std::string(name) + " is not a finite number");
    }
    return value;
}

int32_t integer(const common_json & params, const char * name, int32_t otherwise) {
    return params.contains(name) && params.at(name).is_number() ? params.at(name).get<int>() : otherwise;
}

Filters parse_filters(const common_json & params) {
    Filters filters;
    filters.temperature = number(params, "temperature", filters.temperature);
    filters.top_k       = integer(params, "top_k", filters.top_k);
    filters.top_p       = number(params, "top_p", filters.top_p);
    filters.min_p       = number(params, "min_p", filters.min_p);
    filters.typical_p   = number(params, "typical_p", filters.typical_p);
    return filters;
}

PenaltySettings parse_penalties(const common_json & params) {
    PenaltySettings penalties;
    penalties.repeat    = number(params, "repeat_penalty", penalties.repeat);
    penalties.presence  = number(params, "presence_penalty", penalties.presence);
    penalties.frequency = number(params, "frequency_penalty", penalties.frequency);
    penalties.last_n    = integer(params, "repeat_last_n", penalties.last_n);
    if (penalties.repeat <= 0.0f) {
        throw std::invalid_argument("repeat_penalty must be greater than 0");
    }
    return penalties;
}

uint32_t parse_seed(const common_json & params) {
    if (params.contains("seed") && params.at("seed").is_number()) {
        return static_cast<uint32_t>(params.at("seed").get<long long>());
    }
    return std::random_device()();
}

std::vector<llama_logit_bias> parse_biases(const llama_vocab * vocab, const common_json & params) {
    std::vector<llama_logit_bias> biases;
    const auto given = params.value("logit_bias", common_json::object());
    for (const auto & [key, value] : given.items()) {
        const int token = std::stoi(key);
        if (token < 0 || token >= llama_vocab_n_tokens(vocab)) {
            throw std::invalid_argument("logit_bias names token " + key + ", which the model does not have");
        }
        biases.push_back({token, value.get<float>()});
    }
    int32_t count              = 0;
    const llama_token * banned = llama_vocab_get_suppress_tokens(vocab, &count);
    for (int32_t i = 0; i < count; i++) {
        biases.push_back({banned[i], -INFINITY});
    }
    return biases;
}

std::unordered_set<llama_token> parse_shown(const llama_vocab * vocab, const common_json & params) {
    std::unordered_set<llama_token> shown;
    for (const auto & text : params.value("preserved_tokens", common_json::array())) {
        const auto tokens = common_tokenize(vocab, text.get<std::string>(), false, true);
        if (tokens.size() == 1) {
            shown.insert(tokens.front());
        }
    }
    return shown;
}

}  // namespace

Settings parse_settings(const llama_vocab * vocab, const common_json & params) {
    Settings settings;
    settings.seed      = parse_seed(params);
    settings.filters   = parse_filters(params);
    settings.penalties = parse_penalties(params);
    settings.biases    = parse_biases(vocab, params);
    settings.shown     = parse_shown(vocab, params);
    return settings;
}

}  // namespace puna
