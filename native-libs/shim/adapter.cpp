// SPDX-License-Identifier: Apache-2.0
// Adapters: small matrices that are added to a model's weights while it computes.
#include "support.h"

#include <vector>

llama_adapter_lora * puna_adapter_load(llama_model * model, const char * path, char ** error) {
    return puna::guarded<llama_adapter_lora *>(error, nullptr, [&] {
        const puna::Assertions assertions;
        puna::forget_log();
        auto * adapter = llama_adapter_lora_init(model, path);
        if (!adapter) {
            throw std::runtime_error(puna::logged_errors("llama.cpp loaded no adapter and logged no reason"));
        }
        return adapter;
    });
}

int32_t puna_adapters_set(llama_context * context, llama_adapter_lora ** adapters, const float * scales,
                          size_t n_adapters, char ** error) {
    return puna::guarded<int32_t>(error, -1, [&] {
        const puna::Assertions assertions;
        std::vector<float> own(scales, scales + n_adapters);
        return llama_set_adapters_lora(context, adapters, n_adapters, own.data());
    });
}
