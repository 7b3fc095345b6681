// SPDX-License-Identifier: Apache-2.0
// The threads that compute a context's steps on the CPU.
#include "support.h"

#include "ggml-backend.h"
#include "ggml-cpu.h"

namespace {

// How long a worker looks for the next step before it sleeps, in ggml's unit of about five milliseconds: long enough to
// be awake when the tokens of a step have been sampled, short enough not to be in the way of anything else.
constexpr uint32_t POLL = 1;

// The CPU backend is a plugin, so its functions are found by name.
template <typename F> F * cpu_function(const char * name) {
    auto * device = ggml_backend_dev_by_type(GGML_BACKEND_DEVICE_TYPE_CPU);
    if (!device) {
        throw std::runtime_error("no CPU backend is loaded");
    }
    auto * function = ggml_backend_reg_get_proc_address(ggml_backend_dev_backend_reg(device), name);
    if (!function) {
        throw std::runtime_error(std::string("the CPU backend has no ") + name);
    }
    return reinterpret_cast<F *>(function);
}

}  // namespace

ggml_threadpool * puna_threads_init(llama_context * context, int32_t n_threads, char ** error) {
    return puna::guarded<ggml_threadpool *>(error, nullptr, [&] {
        auto params = ggml_threadpool_params_default(n_threads);
        params.poll = POLL;
        auto * pool = cpu_function<decltype(ggml_threadpool_new)>("ggml_threadpool_new")(&params);
        if (!pool) {
            throw std::runtime_error("ggml made no threads");
        }
        llama_attach_threadpool(context, pool, nullptr);
        return pool;
    });
}

void puna_threads_free(ggml_threadpool * threads) {
    puna::guarded<int>(nullptr, 0, [&] {
        cpu_function<decltype(ggml_threadpool_free)>("ggml_threadpool_free")(threads);
        return 0;
    });
}
