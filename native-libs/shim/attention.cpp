// SPDX-License-Identifier: Apache-2.0
#include "attention.h"

#include "attention_parts.h"
#include "symbol_hooks.h"

#include "ggml.h"

#include <dlfcn.h>

#include <algorithm>
#include <atomic>
#include <cstring>
#include <vector>

struct ggml_threadpool;

// As ggml-cpu-impl.h has it, which is private to the plugin; CMakeLists.txt compares the two.
struct ggml_compute_params {
    // ith = thread index, nth = number of threads
    int ith, nth;

    // work buffer for all threads
    size_t wsize;
    void * wdata;

    struct ggml_threadpool * threadpool;

    // use reference implementation
    bool use_ref;
};

namespace puna {

#ifdef __x86_64__

namespace {

using Attention = void (*)(const ggml_compute_params * params, ggml_tensor * result);

constexpr const char * SYMBOL = "ggml_compute_forward_flash_attn_ext";

// From here on ggml computes in tiles of as many rows (GGML_FA_TILE_Q).
constexpr int64_t TILE = 64;

// Before the hook, by the only call that sets it.
Attention theirs = nullptr;

Attend kernel = nullptr;

bool own = true;

std::atomic<uint64_t> taken{ 0 };

bool has_avx2() {
    __builtin_cpu_init();
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("f16c");
}

Attend best_kernel() {
    return __builtin_cpu_supports("avx512f") ? attend_by_avx512 : attend_by_avx2;
}

float parameter(const ggml_tensor * result, int index) {
    float value;
    std::memcpy(&value, reinterpret_cast<const char *>(result->op_params) + index * sizeof(float), sizeof(float));
    return value;
}

bool is_half_cache(const ggml_tensor * tensor) {
    return tensor->type == GGML_TYPE_F16 && tensor->nb[0] == sizeof(uint16_t) && tensor->ne[0] % MOST_WIDTH == 0 &&
           tensor->ne[3] == 1;
}

// Threads share out rows and heads of the cache: whether the busiest has at most twice its share. Ggml shares out heads of queries,
// or the cells of a single row.
bool is_balanced(int64_t parts, int64_t threads) {
    return (parts + threads - 1) / threads * threads <= 2 * parts;
}

// All threads that compute it have to come to the same answer: it depends on nothing but the tensors and how many threads there are.
bool is_ours(const ggml_compute_params * params, const ggml_tensor * result) {
    const auto *q = result->src[0], *k = result->src[1], *v = result->src[2], *mask = result->src[3];
    const bool plain = own && !params->use_ref && mask && !result->src[4] && parameter(result, 1) == 0 && parameter(result, 2) == 0;
    return plain && q->type == GGML_TYPE_F32 && q->nb[0] == sizeof(float) && q->ne[1] < TILE && q->ne[3] == 1 &&
           is_balanced(q->ne[1] * k->ne[2], params->nth) && is_half_cache(k) && is_half_cache(v) && q->ne[0] == k->ne[0] &&
           k->ne[2] == v->ne[2] && q->ne[2] % k->ne[2] == 0 && mask->type == GGML_TYPE_F16 && mask->ne[2] == 1 &&
           mask->ne[3] == 1 && mask->ne[0] >= k->ne[1] && result->type == GGML_TYPE_F32 && result->ne[0] == v->ne[0];
}

// What a thread works with; grows with the cache, goes with the thread.
struct Space {
    std::vector<int32_t> indices;
    std::vector<float> biases;
    std::vector<float> scores;

    void grow(size_t cells) {
        const size_t wanted = cells + MOST_WIDTH;
        if (indices.size() < wanted) {
            indices.resize(wanted);
            biases.resize(wanted);
            scores.resize(wanted * MOST_HEADS);
        }
    }
};

// The heads that share one of the cache, for one row.
void attend(const ggml_tensor * result, int64_t row, int64_t shared, const VisibleCells & cells, float * scores) {
    const auto *q = result->src[0], *k = result->src[1], *v = result->src[2];
    const HeadOfCache cache{ static_cast<const char *>(k->data) + shared * k->nb[2], k->nb[1], static_cast<int>(k->ne[0]),
                             static_cast<const char *>(v->data) + shared * v->nb[2], v->nb[1], static_cast<int>(v->ne[0]) };
    const int64_t group = q->ne[2] / k->ne[2];
    for (int64_t first = 0; first < group; first += MOST_HEADS) {
        const int heads = static_cast<int>(std::min<int64_t>(MOST_HEADS, group - first));
        const float * queries[MOST_HEADS];
        float * results[MOST_HEADS];
        for (int i = 0; i < heads; i++) {
            const int64_t head = shared * group + first + i;
            queries[i] = reinterpret_cast<const float *>(static_cast<const char *>(q->data) + row * q->nb[1] + head * q->nb[2]);
            results[i] = reinterpret_cast<float *>(static_cast<char *>(result->data) + (row * q->ne[2] + head) * result->nb[1]);
            if (cells.count == 0) {
                std::fill_n(results[i], v->ne[0], 0.0f);
            }
        }
        if (cells.count > 0) {
            kernel(cache, cells, heads, queries, parameter(result, 0), scores, results);
        }
    }
}

void attention(const ggml_compute_params * params, ggml_tensor * result) {
    if (!is_ours(params, result)) {
        return theirs(params, result);
    }
    taken.fetch_add(1, std::memory_order_relaxed);
    static thread_local Space space;
    const auto *q = result->src[0], *k = result->src[1], *mask = result->src[3];
    space.grow(k->ne[1]);
    const int64_t parts = q->ne[1] * k->ne[2];
    const int64_t end   = parts * (params->ith + 1) / params->nth;
    int64_t row         = -1;
    VisibleCells cells{ space.indices.data(), space.biases.data(), 0, false };
    for (int64_t part = parts * params->ith / params->nth; part < end; part++) {
        if (part / k->ne[2] != row) {
            row = part / k->ne[2];
            cells.count =
                visible_by_avx2(reinterpret_cast<const uint16_t *>(static_cast<const char *>(mask->data) + row * mask->nb[1]),
                                k->ne[1], space.indices.data(), space.biases.data(), &cells.biased);
        }
        attend(result, row, part % k->ne[2], cells, space.scores.data());
    }
}

}  // namespace

bool take_attention(const std::string & plugin) {
    void * const handle = has_avx2() ? dlopen(plugin.c_str(), RTLD_NOW | RTLD_LOCAL | RTLD_NOLOAD) : nullptr;
    if (!handle) {
        return false;
    }
    void * const found = dlsym(handle, SYMBOL);
    dlclose(handle);
    if (!found) {
        return false;
    }
    theirs = reinterpret_cast<Attention>(found);
    kernel = best_kernel();
    return hook_symbols(plugin.substr(plugin.rfind('/') + 1), { { SYMBOL, reinterpret_cast<void *>(attention) } }) > 0;
}

void use_own_attention(bool ours) {
    own = ours;
}

void limit_attention_to_avx2(bool limited) {
    kernel = limited ? attend_by_avx2 : best_kernel();
}

uint64_t attentions_taken() {
    return taken.load(std::memory_order_relaxed);
}

#else

bool take_attention(const std::string &) {
    return false;
}

void use_own_attention(bool) {}

void limit_attention_to_avx2(bool) {}

uint64_t attentions_taken() {
    return 0;
}

#endif

}  // namespace puna
