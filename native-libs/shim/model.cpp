// SPDX-License-Identifier: Apache-2.0
// Loading a model, reading its metadata, and text to tokens and back.
#include "support.h"
#include "token_index.h"

#include "ggml-backend.h"
#include "json.h"

#include <climits>
#include <vector>

namespace {

// llama.cpp asserts, that is ends the process, when a model without a vocabulary is asked for tokens.
void require_vocabulary(const llama_vocab * vocab) {
    if (llama_vocab_type(vocab) == LLAMA_VOCAB_TYPE_NONE) {
        throw std::runtime_error("the model has no vocabulary");
    }
}

bool report_progress(float progress, void * user_data) {
    auto * load = static_cast<puna_load *>(user_data);
    __atomic_store(&load->progress, &progress, __ATOMIC_RELAXED);
    return __atomic_load_n(&load->cancel, __ATOMIC_RELAXED) == 0;
}

// The two calls write at most `size` bytes and answer the length they would have liked.
template <typename Read>
std::string read_string(Read && read) {
    std::string text(256, '\0');
    auto length = read(&text[0], text.size());
    if (length >= static_cast<int32_t>(text.size())) {
        text.resize(length + 1);
        length = read(&text[0], text.size());
    }
    text.resize(length < 0 ? 0 : length);
    return text;
}

// Which devices hold how many layers, as llama.cpp wants it said.
class Placement {
public:
    Placement(const char ** names, const int32_t * layers, size_t count) : shares(llama_max_devices(), 0.0f) {
        for (size_t i = 0; i < count; i++) {
            auto * device = ggml_backend_dev_by_name(names[i]);
            if (!device || i >= shares.size()) {
                throw std::invalid_argument(std::string("there is no device ") + names[i]);
            }
            devices.push_back(device);
            shares[i] = static_cast<float>(layers[i]);
            total += layers[i];
        }
        devices.push_back(nullptr);
    }

    // The parameters point into this from now on.
    void apply(llama_model_params & params) const {
        params.devices      = const_cast<ggml_backend_dev_t *>(devices.data());
        params.tensor_split = shares.data();
        params.split_mode   = LLAMA_SPLIT_MODE_LAYER;
        params.n_gpu_layers = total;
    }

private:
    std::vector<ggml_backend_dev_t> devices;
    std::vector<float> shares;
    int32_t total = 0;
};

}  // namespace

llama_model * puna_model_load(const char ** paths, size_t n_paths, llama_model_params params, const char ** devices,
                              const int32_t * layers, size_t n_devices, puna_load * load, char ** error) {
    return puna::guarded<llama_model *>(error, nullptr, [&]() -> llama_model * {
        const puna::Assertions assertions;
        if (n_paths == 0) {
            throw std::invalid_argument("no model file was named");
        }
        const Placement placement(devices, layers, n_devices);
        placement.apply(params);
        puna::forget_log();
        if (load) {
            params.progress_callback           = report_progress;
            params.progress_callback_user_data = load;
        }
        auto * model = n_paths == 1 ? llama_model_load_from_file(paths[0], params)
                                    : llama_model_load_from_splits(paths, n_paths, params);
        if (!model) {
            const bool cancelled = load && __atomic_load_n(&load->cancel, __ATOMIC_RELAXED) != 0;
            const auto reason    = puna::logged_errors("llama.cpp loaded no model and logged no reason");
            throw std::runtime_error(cancelled ? "loading was cancelled" : reason);
        }
        puna::forget_token_index(llama_model_get_vocab(model));
        return model;
    });
}

char * puna_model_metadata(const llama_model * model) {
    return puna::guarded<char *>(nullptr, nullptr, [&] {
        auto metadata = common_json::object();
        for (int32_t i = 0; i < llama_model_meta_count(model); i++) {
            const auto key = read_string(
                [&](char * buffer, size_t size) { return llama_model_meta_key_by_index(model, i, buffer, size); });
            metadata[key] = read_string(
                [&](char * buffer, size_t size) { return llama_model_meta_val_str_by_index(model, i, buffer, size); });
        }
        return puna::to_c_string(metadata.dump_safe());
    });
}

int32_t puna_marked_tokens(const llama_vocab * vocab, int32_t attributes, llama_token * tokens, int32_t max_tokens) {
    const auto size = llama_vocab_type(vocab) == LLAMA_VOCAB_TYPE_NONE ? 0 : llama_vocab_n_tokens(vocab);
    int32_t found = 0;
    for (llama_token token = 0; token < size; token++) {
        const bool marked =
            attributes == 0 ? llama_vocab_is_eog(vocab, token) : (llama_vocab_get_attr(vocab, token) & attributes) != 0;
        if (marked && found++ < max_tokens) {
            tokens[found - 1] = token;
        }
    }
    return found;
}

int32_t puna_tokenize(const llama_vocab * vocab, const char * text, int32_t text_length, llama_token * tokens,
                      int32_t max_tokens, bool add_special, bool parse_special, char ** error) {
    return puna::guarded<int32_t>(error, INT32_MIN, [&] {
        const puna::Assertions assertions;
        require_vocabulary(vocab);
        return llama_tokenize(vocab, text, text_length, tokens, max_tokens, add_special, parse_special);
    });
}

// The plain sequence of pieces: llama_detokenize would drop a leading space and "clean" others, which is wrong for a
// part of a text.
int32_t puna_detokenize(const llama_vocab * vocab, const llama_token * tokens, int32_t n_tokens, char * text,
                        int32_t max_length, bool special, char ** error) {
    return puna::guarded<int32_t>(error, INT32_MIN, [&] {
        const puna::Assertions assertions;
        require_vocabulary(vocab);
        int64_t needed = 0;
        for (int32_t i = 0; i < n_tokens; i++) {
            const auto room = needed < max_length ? static_cast<int32_t>(max_length - needed) : 0;
            const auto length =
                llama_token_to_piece(vocab, tokens[i], room > 0 ? text + needed : text, room, 0, special);
            needed += length < 0 ? -static_cast<int64_t>(length) : length;
        }
        if (needed > INT32_MAX) {
            throw std::length_error("the text of the tokens is longer than 2 GiB");
        }
        return static_cast<int32_t>(needed <= max_length ? needed : -needed);
    });
}
