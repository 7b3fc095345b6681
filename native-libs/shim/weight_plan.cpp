// SPDX-License-Identifier: Apache-2.0
#include "weight_plan.h"

#include "gguf.h"
#include "llama-ext.h"

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <memory>
#include <regex>
#include <sstream>
#include <stdexcept>
#include <strings.h>

namespace {

ggml_type type_of(const std::string & name) {
    for (int type = 0; type < GGML_TYPE_COUNT; type++) {
        const char * known = ggml_type_name(static_cast<ggml_type>(type));
        if (known && strcasecmp(known, name.c_str()) == 0) {
            return static_cast<ggml_type>(type);
        }
    }
    throw std::runtime_error("there is no type of weights " + name);
}

// A user's expression may take a backtracking matcher for ever, so it is looked for in time that grows with its length only.
std::regex expression(const std::string & pattern) {
    auto flags = std::regex::ECMAScript;
#ifdef __GLIBCXX__
    flags |= std::regex_constants::__polynomial;
#endif
    try {
        return std::regex(pattern, flags);
    } catch (const std::regex_error & bad) {
        throw std::runtime_error("the tensor type rule " + pattern + " is no regular expression: " + bad.what());
    }
}

// An expression for one name and nothing else.
std::string exactly(const std::string & name) {
    std::string pattern = "^";
    for (const char c : name) {
        if (std::strchr("^$\\.*+?()[]{}|/", c)) {
            pattern += '\\';
        }
        pattern += c;
    }
    return pattern + "$";
}

// The names of all tensors of a model, whose other parts lie beside the first, and how long their rows are.
std::vector<std::pair<std::string, int64_t>> tensors_of(const std::string & input) {
    std::vector<std::pair<std::string, int64_t>> tensors;
    std::string file = input;
    for (int part = 0, parts = 1; part < parts; part++) {
        if (part > 0) {
            std::vector<char> prefix(input.size() + 1), path(input.size() + 64);
            if (llama_split_prefix(prefix.data(), prefix.size(), input.c_str(), 0, parts) <= 0) {
                throw std::runtime_error("the parts of the model are not named as llama.cpp names them");
            }
            llama_split_path(path.data(), path.size(), prefix.data(), part, parts);
            file = path.data();
        }
        ggml_context * shapes = nullptr;
        const std::unique_ptr<gguf_context, decltype(&gguf_free)> header(
            gguf_init_from_file(file.c_str(), gguf_init_params{true, &shapes}), gguf_free);
        if (!header || !shapes) {
            throw std::runtime_error("the model cannot be read");
        }
        const std::unique_ptr<ggml_context, decltype(&ggml_free)> freed(shapes, ggml_free);
        const auto key = gguf_find_key(header.get(), "split.count");
        if (part == 0 && key >= 0 && gguf_get_kv_type(header.get(), key) == GGUF_TYPE_UINT16) {
            parts = gguf_get_val_u16(header.get(), key);
        }
        for (auto * tensor = ggml_get_first_tensor(shapes); tensor; tensor = ggml_get_next_tensor(shapes, tensor)) {
            tensors.emplace_back(tensor->name, tensor->ne[0]);
        }
    }
    return tensors;
}

bool is_embedding(const std::string & name) {
    return name == "token_embd.weight" || name == "per_layer_token_embd.weight";
}

}  // namespace

namespace puna {

void stop_if_cancelled(const puna_load * load) {
    if (__atomic_load_n(&load->cancel, __ATOMIC_RELAXED) != 0) {
        throw std::runtime_error("quantising was cancelled");
    }
}

WeightPlan::WeightPlan(const std::string & text) {
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
        const auto space = line.find(' ');
        const auto word = line.substr(0, space);
        const auto rest = space == std::string::npos ? "" : line.substr(space + 1);
        if (word == "pure") {
            pure = true;
        } else if (word == "output") {
            output = type_of(rest);
        } else if (word == "embedding") {
            embedding = type_of(rest);
        } else if (word == "rule") {
            const auto type = rest.find(' ');
            rules.emplace_back(rest.substr(type + 1), type_of(rest.substr(0, type)));
        } else if (word == "matrix") {
            matrix = rest;
        } else if (word == "name") {
            matrix_name = rest;
        } else if (word == "dataset") {
            dataset     = rest;
            has_dataset = true;
        } else if (word == "chunks") {
            chunks = std::stoll(rest);
        } else if (word == "entry") {
            read_entry(rest);
        } else {
            throw std::runtime_error("what is " + word + " in a plan of weights?");
        }
    }
}

void WeightPlan::read_entry(const std::string & text) {
    std::istringstream parts(text);
    Entry entry;
    size_t counts = 0;
    parts >> entry.offset >> entry.values >> counts;
    for (int64_t count = 0; entry.counts.size() < counts && parts >> count;) {
        entry.counts.push_back(count);
    }
    parts.get();
    if (!std::getline(parts, entry.name) || counts == 0 || entry.values % counts != 0) {
        throw std::runtime_error("an entry of the importance matrix makes no sense: " + text);
    }
    entries.push_back(std::move(entry));
}

void WeightPlan::apply(const char * input, const puna_load * load, llama_model_quantize_params & params) {
    params.pure                 = pure;
    params.output_tensor_type   = output;
    params.token_embedding_type = embedding;
    if (!entries.empty()) {
        read_matrix(load);
        params.imatrix      = importance.data();
        params.kv_overrides = keys.data();
    }
    if (!rules.empty() || pure || output != GGML_TYPE_COUNT || embedding != GGML_TYPE_COUNT) {
        find_tensors(input, load, params);
    }
    if (overrides.size() > 1) {
        params.tt_overrides = overrides.data();
    }
}

// Means of squares, as llama.cpp wants them: sums, divided by how often they were added to, where they were.
std::vector<float> WeightPlan::read_values(const Entry & entry) const {
    const std::unique_ptr<FILE, decltype(&std::fclose)> file(std::fopen(matrix.c_str(), "rb"), std::fclose);
    std::vector<float> read(entry.values);
    if (!file || fseeko(file.get(), static_cast<off_t>(entry.offset), SEEK_SET) != 0 ||
        std::fread(read.data(), sizeof(float), read.size(), file.get()) != read.size()) {
        throw std::runtime_error("the importance matrix cannot be read");
    }
    const size_t row = entry.values / entry.counts.size();
    for (size_t at = 0; at < read.size(); at++) {
        const auto count = static_cast<float>(entry.counts[at / row]);
        read[at]         = count > 0.0f ? read[at] / count : 1.0f;
    }
    return read;
}

void WeightPlan::read_matrix(const puna_load * load) {
    for (const auto & entry : entries) {
        stop_if_cancelled(load);
        values.push_back(read_values(entry));
        importance.push_back({entry.name.c_str(), values.back().data(), values.back().size()});
    }
    importance.push_back({nullptr, nullptr, 0});
    add_text("quantize.imatrix.file", matrix_name);
    if (has_dataset) {
        add_text("quantize.imatrix.dataset", dataset);
    }
    add_number("quantize.imatrix.entries_count", static_cast<int64_t>(entries.size()));
    if (chunks > 0) {
        add_number("quantize.imatrix.chunks_count", chunks);
    }
    keys.emplace_back();
}

// As much of the text as there is room for, without half a character at the end.
void WeightPlan::add_text(const char * key, const std::string & text) {
    llama_model_kv_override entry{};
    entry.tag = LLAMA_KV_OVERRIDE_TYPE_STR;
    std::strcpy(entry.key, key);
    size_t length = std::min(text.size(), sizeof(entry.val_str) - 1);
    while (length > 0 && length < text.size() && (text[length] & 0xC0) == 0x80) {
        length--;
    }
    std::memcpy(entry.val_str, text.data(), length);
    keys.push_back(entry);
}

void WeightPlan::add_number(const char * key, int64_t number) {
    llama_model_kv_override entry{};
    entry.tag = LLAMA_KV_OVERRIDE_TYPE_INT;
    std::strcpy(entry.key, key);
    entry.val_i64 = number;
    keys.push_back(entry);
}

// llama.cpp is told names, one by one, in place of the expressions that mean them.
void WeightPlan::find_tensors(const char * input, const puna_load * load, const llama_model_quantize_params & params) {
    std::vector<std::regex> expressions;
    for (const auto & rule : rules) {
        expressions.push_back(expression(rule.first));
    }
    const auto tensors = tensors_of(input);
    const bool tied    = std::none_of(tensors.begin(), tensors.end(), [](const auto & t) { return t.first == "output.weight"; });
    for (const auto & [name, columns] : tensors) {
        auto type = pure ? llama_ftype_get_default_type(params.ftype) : GGML_TYPE_COUNT;
        if (!pure && output != GGML_TYPE_COUNT && tied && is_embedding(name)) {
            type = output;
        }
        for (size_t rule = 0; rule < rules.size(); rule++) {
            stop_if_cancelled(load);
            if (std::regex_search(name, expressions[rule])) {
                type = rules[rule].second;
                patterns.push_back(exactly(name));
                overrides.push_back({patterns.back().c_str(), type});
                break;
            }
        }
        if (is_embedding(name)) {
            require_blocks(name, columns, embedding);
            require_importance(name, embedding != GGML_TYPE_COUNT ? embedding : type);
        } else if (name == "output.weight") {
            require_blocks(name, columns, output);
            require_importance(name, output != GGML_TYPE_COUNT ? output : type);
        }
    }
    overrides.push_back({nullptr, GGML_TYPE_COUNT});
}

// For these two llama.cpp does not look for a type that fits.
void WeightPlan::require_blocks(const std::string & tensor, int64_t columns, ggml_type type) {
    if (type != GGML_TYPE_COUNT && columns % ggml_blck_size(type) != 0) {
        throw std::runtime_error("rows of " + tensor + " are no whole blocks of " + ggml_type_name(type) + ": " +
                                 std::to_string(columns) + " is no multiple of " +
                                 std::to_string(ggml_blck_size(type)) + "; give it a type with smaller blocks, such as q8_0");
    }
}

// Of these two llama.cpp does not look whether there is what it then asserts.
void WeightPlan::require_importance(const std::string & tensor, ggml_type type) const {
    if (type == GGML_TYPE_COUNT || !ggml_quantize_requires_imatrix(type) ||
        std::any_of(entries.begin(), entries.end(), [&](const Entry & entry) { return entry.name == tensor; })) {
        return;
    }
    throw std::runtime_error("the importance matrix says nothing of " + tensor + ", which so cannot become " +
                             ggml_type_name(type) + ": give it another type" +
                             (tensor == "output.weight" ? " (output_tensor_type)" : " (token_embedding_type)"));
}

}  // namespace puna
