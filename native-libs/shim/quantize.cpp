// SPDX-License-Identifier: Apache-2.0
// Writing a model with weights of another type. llama.cpp tells how far it is only in its log, and cannot be stopped but by
// an exception that comes out of that log.
#include "support.h"
#include "weight_plan.h"

#include <cstdio>

namespace {

// llama.cpp would keep up to 8 GiB of rows at once; the result is the same with less.
constexpr size_t MOST_BUFFERED = size_t{512} << 20;

// Each tensor begins with a message such as "[  12/ 101] blk.0.attn_k.weight …".
class TensorCount : public puna::LogListener {
public:
    explicit TensorCount(puna_load * load) : load(load) { puna::listen(this); }
    ~TensorCount() override { puna::listen(nullptr); }

    void hear(const char * message) override {
        int tensor = 0, all = 0;
        if (std::sscanf(message, "[%d/%d]", &tensor, &all) != 2 || all <= 0) {
            return;
        }
        puna::stop_if_cancelled(load);
        float progress = static_cast<float>(tensor - 1) / static_cast<float>(all);
        __atomic_store(&load->progress, &progress, __ATOMIC_RELAXED);
    }

private:
    puna_load * load;
};

}  // namespace

int32_t puna_quantize(const char * input, const char * output, int32_t file_type, int32_t n_threads, const char * plan,
                      puna_load * load, char ** error) {
    return puna::guarded<int32_t>(error, -1, [&] {
        const puna::Assertions assertions;
        puna::forget_log();
        auto params         = llama_model_quantize_default_params();
        params.ftype        = static_cast<llama_ftype>(file_type);
        params.nthread      = n_threads;
        params.max_buf_size = MOST_BUFFERED;
        puna::WeightPlan details(plan ? plan : "");
        details.apply(input, load, params);
        const TensorCount count(load);
        if (llama_model_quantize(input, output, &params) != 0) {
            const auto reason = puna::logged_errors("llama.cpp quantised nothing and logged no reason");
            puna::stop_if_cancelled(load);
            throw std::runtime_error(reason);
        }
        float done = 1.0f;
        __atomic_store(&load->progress, &done, __ATOMIC_RELAXED);
        return 0;
    });
}
