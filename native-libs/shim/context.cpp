// SPDX-License-Identifier: Apache-2.0
// Contexts: creating one that can be stopped, what it weighs, and embeddings.
#include "support.h"

#include "batch.h"
#include "json.h"
#include "llama-ext.h"

#include <algorithm>
#include <cstring>

namespace {

bool flag_is_up(void * flag) {
    return __atomic_load_n(static_cast<const int32_t *>(flag), __ATOMIC_RELAXED) != 0;
}

const char * place(ggml_backend_buffer_type_t type) {
    auto * device = ggml_backend_buft_get_device(type);
    if (ggml_backend_buft_is_host(type) || !device) {
        return "cpu";
    }
    switch (ggml_backend_dev_type(device)) {
        case GGML_BACKEND_DEVICE_TYPE_GPU: return "gpu";
        case GGML_BACKEND_DEVICE_TYPE_IGPU: return "igpu";
        default: return "cpu";
    }
}

using Breakdown = decltype(llama_get_memory_breakdown(nullptr));

bool is_mapped(ggml_backend_buffer_type_t type) {
    return std::strcmp(ggml_backend_buft_name(type), "CPU_Mapped") == 0;
}

// Bytes of weights that are used where the file is mapped. llama.cpp counts a mapping from its first weight to its last, with those
// between that were copied elsewhere, such as into tiles for AMX; of these nothing need stay in memory.
uint64_t mapped_weights(const llama_context * context, const Breakdown & breakdown) {
    auto left = llama_model_size(llama_get_model(context));
    for (const auto & [type, bytes] : breakdown) {
        left -= is_mapped(type) ? 0 : std::min<uint64_t>(left, bytes.model);
    }
    return left;
}

}  // namespace

llama_context * puna_context_init(llama_model * model, llama_context_params params, const int32_t * abort_flag,
                                  char ** error) {
    return puna::guarded<llama_context *>(error, nullptr, [&] {
        const puna::Assertions assertions;
        puna::forget_log();
        if (abort_flag) {
            params.abort_callback      = flag_is_up;
            params.abort_callback_data = const_cast<int32_t *>(abort_flag);
        }
        auto * context = llama_init_from_model(model, params);
        if (!context) {
            throw std::runtime_error(puna::logged_errors("llama.cpp made no context and logged no reason"));
        }
        return context;
    });
}

char * puna_context_memory(const llama_context * context) {
    return puna::guarded<char *>(nullptr, nullptr, [&] {
        const auto breakdown = llama_get_memory_breakdown(context);
        const auto mapped    = mapped_weights(context, breakdown);
        auto       types     = common_json::object();
        for (const auto & [type, bytes] : breakdown) {
            const std::string name = ggml_backend_buft_name(type);
            // Devices of one kind share a buffer type's name, so their bytes add up under it.
            const auto before = types.value(name, common_json::object());
            types[name]       = common_json::object({
                {"model", before.value("model", uint64_t{0}) + (is_mapped(type) ? std::min<uint64_t>(bytes.model, mapped) : bytes.model)},
                {"context", before.value("context", uint64_t{0}) + bytes.context},
                {"compute", before.value("compute", uint64_t{0}) + bytes.compute},
                {"device", place(type)},
            });
        }
        return puna::to_c_string(types.dump_safe());
    });
}

int32_t puna_embed(llama_context * context, int32_t n_tokens, const llama_token * tokens, const llama_pos * positions,
                   const llama_seq_id * sequences, int32_t n_sequences, float * out, char ** error) {
    return puna::guarded<int32_t>(error, -1000, [&] {
        const puna::Assertions assertions(puna::computes_alone(context));
        const auto pooling = llama_pooling_type(context);
        if (pooling == LLAMA_POOLING_TYPE_NONE) {
            throw std::invalid_argument("the context does not pool embeddings by sequence");
        }
        if (auto * memory = llama_get_memory(context)) {
            llama_memory_clear(memory, true);
        }
        puna::forget_log();
        const auto result = puna::decode(context, n_tokens, tokens, positions, sequences, nullptr);
        if (result != 0) {
            puna::set_error(error, puna::logged_errors("llama_decode failed and logged no reason"));
            return result;
        }
        const auto * model = llama_get_model(context);
        const auto width =
            pooling == LLAMA_POOLING_TYPE_RANK ? llama_model_n_cls_out(model) : llama_model_n_embd_out(model);
        for (int32_t sequence = 0; sequence < n_sequences; sequence++) {
            const auto * embedding = llama_get_embeddings_seq(context, sequence);
            if (!embedding) {
                throw std::runtime_error("no embedding came out for sequence " + std::to_string(sequence));
            }
            std::memcpy(out + static_cast<size_t>(sequence) * width, embedding, width * sizeof(float));
        }
        return 0;
    });
}
