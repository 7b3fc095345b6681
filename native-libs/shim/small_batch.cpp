// SPDX-License-Identifier: Apache-2.0
#include "small_batch.h"

#include "symbol_hooks.h"

#include "ggml.h"

#include <dlfcn.h>

#include <algorithm>
#include <array>
#include <atomic>

namespace puna {

namespace {

// As sgemm.h of ggml-cpu declares it: C (m by n) of A (m by k, transposed) and B (k by n), of which n are the rows of the batch.
using Sgemm = bool (*)(const void * params, int64_t m, int64_t n, int64_t k, const void * a, int64_t lda, const void * b,
                       int64_t ldb, void * c, int64_t ldc, int a_type, int b_type, int c_type);

constexpr const char * SYMBOL = "llamafile_sgemm";

// The fewest rows that sgemm takes at all.
constexpr int64_t ALL = 2;

// Measured: src/docs/small-batches.md.
constexpr int64_t FIRST = 8;

std::array<int64_t, GGML_TYPE_COUNT> measured() {
    std::array<int64_t, GGML_TYPE_COUNT> rows;
    rows.fill(ALL);
    for (const auto type : { GGML_TYPE_Q8_0, GGML_TYPE_Q5_0, GGML_TYPE_Q4_0, GGML_TYPE_IQ4_NL }) {
        rows[type] = FIRST;
    }
    return rows;
}

std::array<int64_t, GGML_TYPE_COUNT> first_rows = measured();

std::atomic<uint64_t> kept{ 0 };

// Before the hook, by the only call that sets it.
Sgemm theirs = nullptr;

// All threads that compute a product have to come to the same answer: it depends on nothing but the product.
bool sgemm(const void * params, int64_t m, int64_t n, int64_t k, const void * a, int64_t lda, const void * b, int64_t ldb,
           void * c, int64_t ldc, int a_type, int b_type, int c_type) {
    if (n >= ALL && n < sgemm_rows(a_type)) {
        kept.fetch_add(1, std::memory_order_relaxed);
        return false;
    }
    return theirs(params, m, n, k, a, lda, b, ldb, c, ldc, a_type, b_type, c_type);
}

// What the plugin itself defines; it stays loaded, so the handle need not.
void * definition(const std::string & plugin) {
    void * const handle = dlopen(plugin.c_str(), RTLD_NOW | RTLD_LOCAL | RTLD_NOLOAD);
    if (!handle) {
        return nullptr;
    }
    void * const found = dlsym(handle, SYMBOL);
    dlclose(handle);
    return found;
}

}  // namespace

bool gains_by_small_batches() {
#ifdef __x86_64__
    __builtin_cpu_init();
    return __builtin_cpu_is("amd");
#else
    return false;
#endif
}

bool keep_small_batches(const std::string & plugin) {
#ifdef __x86_64__
    if (void * const found = definition(plugin)) {
        theirs = reinterpret_cast<Sgemm>(found);
        return hook_symbols(plugin.substr(plugin.rfind('/') + 1), { { SYMBOL, reinterpret_cast<void *>(sgemm) } }) > 0;
    }
#endif
    (void) plugin;
    return false;
}

int64_t sgemm_rows(int type) {
    return type >= 0 && type < GGML_TYPE_COUNT ? first_rows[type] : ALL;
}

void set_sgemm_rows(int type, int64_t rows) {
    first_rows.at(type) = std::max(rows, ALL);
}

uint64_t products_kept() {
    return kept.load(std::memory_order_relaxed);
}

}  // namespace puna
