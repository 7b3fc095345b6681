// SPDX-License-Identifier: Apache-2.0
// Attention of the query heads that share one head of the cache, over the cells that one row sees. Included by one file for each
// set of instructions, which defines PUNA_VISIBLE and PUNA_ATTEND as the names of its functions; nothing here may be a function
// that another file could define as well, since it would hold these instructions.
#pragma once

#include "attention_parts.h"

#include <immintrin.h>

namespace puna {

namespace {

#ifdef __AVX512F__

constexpr int WIDTH  = 16;
constexpr int SLICES = 4;  // vectors of V that are summed up at a time, so that all sums are in registers
using Floats         = __m512;

inline Floats zeros() { return _mm512_setzero_ps(); }
inline Floats all(float value) { return _mm512_set1_ps(value); }
inline Floats load(const float * from) { return _mm512_loadu_ps(from); }
inline void store(float * to, Floats values) { _mm512_storeu_ps(to, values); }
inline Floats load_half(const uint16_t * from) {
    return _mm512_cvtph_ps(_mm256_loadu_si256(reinterpret_cast<const __m256i *>(from)));
}
inline Floats fma(Floats a, Floats b, Floats c) { return _mm512_fmadd_ps(a, b, c); }
inline Floats larger(Floats a, Floats b) { return _mm512_max_ps(a, b); }
inline Floats rounded(Floats a) { return _mm512_roundscale_ps(a, _MM_FROUND_TO_NEAREST_INT); }
inline Floats times_two_to(Floats a, Floats exponents) { return _mm512_scalef_ps(a, exponents); }
inline float sum(Floats a) { return _mm512_reduce_add_ps(a); }
inline float largest(Floats a) { return _mm512_reduce_max_ps(a); }

#else

constexpr int WIDTH  = 8;
constexpr int SLICES = 2;
using Floats         = __m256;

inline Floats zeros() { return _mm256_setzero_ps(); }
inline Floats all(float value) { return _mm256_set1_ps(value); }
inline Floats load(const float * from) { return _mm256_loadu_ps(from); }
inline void store(float * to, Floats values) { _mm256_storeu_ps(to, values); }
inline Floats load_half(const uint16_t * from) {
    return _mm256_cvtph_ps(_mm_loadu_si128(reinterpret_cast<const __m128i *>(from)));
}
inline Floats fma(Floats a, Floats b, Floats c) { return _mm256_fmadd_ps(a, b, c); }
inline Floats larger(Floats a, Floats b) { return _mm256_max_ps(a, b); }
inline Floats rounded(Floats a) { return _mm256_round_ps(a, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC); }
inline Floats times_two_to(Floats a, Floats exponents) {
    const __m256i bits = _mm256_slli_epi32(_mm256_cvtps_epi32(exponents), 23);
    return _mm256_castsi256_ps(_mm256_add_epi32(_mm256_castps_si256(a), bits));
}
inline float sum(Floats a) {
    __m128 four = _mm_add_ps(_mm256_castps256_ps128(a), _mm256_extractf128_ps(a, 1));
    four        = _mm_add_ps(four, _mm_movehl_ps(four, four));
    return _mm_cvtss_f32(_mm_add_ss(four, _mm_movehdup_ps(four)));
}
inline float largest(Floats a) {
    __m128 four = _mm_max_ps(_mm256_castps256_ps128(a), _mm256_extractf128_ps(a, 1));
    four        = _mm_max_ps(four, _mm_movehl_ps(four, four));
    return _mm_cvtss_f32(_mm_max_ss(four, _mm_movehdup_ps(four)));
}

#endif

// Of numbers that are not above 0; what would be smaller than the smallest normal number becomes about that.
inline Floats exponential(Floats x) {
    x              = larger(all(-87.0f), x);  // in this order a NaN stays one
    const Floats n = rounded(x * all(1.44269504f));
    Floats r       = fma(n, all(-0.693359375f), x);
    r              = fma(n, all(2.12194440e-4f), r);
    Floats y       = fma(all(1.0f / 720), r, all(1.0f / 120));
    y              = fma(y, r, all(1.0f / 24));
    y              = fma(y, r, all(1.0f / 6));
    y              = fma(y, r, all(0.5f));
    y              = fma(y, r, all(1.0f));
    y              = fma(y, r, all(1.0f));
    return times_two_to(y, n);
}

inline const uint16_t * cell_of(const char * base, size_t stride, int32_t cell) {
    return reinterpret_cast<const uint16_t *>(base + stride * static_cast<size_t>(cell));
}

// Cells lie apart, so that the processor does not foresee which is next.
inline void fetch(const uint16_t * values, int count) {
    for (int at = 0; at < count; at += 32) {
        _mm_prefetch(reinterpret_cast<const char *>(values + at), _MM_HINT_T0);
    }
}

constexpr int AHEAD = 6;

template <int HEADS>
inline void score(const HeadOfCache & cache, const VisibleCells & cells, const float * const * queries, float scale,
                  float * scores, int64_t stride) {
    for (int64_t i = 0; i < cells.count; i++) {
        if (i + AHEAD < cells.count) {
            fetch(cell_of(cache.keys, cache.key_stride, cells.indices[i + AHEAD]), cache.key_size);
        }
        const uint16_t * key = cell_of(cache.keys, cache.key_stride, cells.indices[i]);
        Floats sums[HEADS];
        for (int head = 0; head < HEADS; head++) {
            sums[head] = zeros();
        }
        for (int at = 0; at < cache.key_size; at += WIDTH) {
            const Floats part = load_half(key + at);
            for (int head = 0; head < HEADS; head++) {
                sums[head] = fma(part, load(queries[head] + at), sums[head]);
            }
        }
        for (int head = 0; head < HEADS; head++) {
            scores[head * stride + i] = sum(sums[head]) * scale;
        }
    }
}

// Turns scores into weights; answers one by their sum.
inline float soften(float * scores, int64_t stride, const VisibleCells & cells) {
    for (int64_t i = cells.count; i < stride; i++) {
        scores[i] = -__builtin_inff();
    }
    Floats most = all(-__builtin_inff());
    for (int64_t i = 0; i < stride; i += WIDTH) {
        Floats values = load(scores + i);
        if (cells.biased) {
            values = values + load(cells.biases + i);
            store(scores + i, values);
        }
        most = larger(most, values);
    }
    const Floats top = all(largest(most));
    Floats total     = zeros();
    for (int64_t i = 0; i < stride; i += WIDTH) {
        const Floats weights = exponential(load(scores + i) - top);
        total                = total + weights;
        store(scores + i, weights);
    }
    return 1.0f / sum(total);
}

template <int HEADS, int PARTS>
inline void gather(const HeadOfCache & cache, const VisibleCells & cells, const float * weights, int64_t stride,
                   const float * shares, int at, float * const * results) {
    Floats sums[HEADS][PARTS];
    for (int head = 0; head < HEADS; head++) {
        for (int part = 0; part < PARTS; part++) {
            sums[head][part] = zeros();
        }
    }
    for (int64_t i = 0; i < cells.count; i++) {
        if (i + AHEAD < cells.count) {
            fetch(cell_of(cache.values, cache.value_stride, cells.indices[i + AHEAD]) + at, PARTS * WIDTH);
        }
        const uint16_t * value = cell_of(cache.values, cache.value_stride, cells.indices[i]) + at;
        Floats parts[PARTS];
        for (int part = 0; part < PARTS; part++) {
            parts[part] = load_half(value + part * WIDTH);
        }
        for (int head = 0; head < HEADS; head++) {
            const Floats weight = all(weights[head * stride + i]);
            for (int part = 0; part < PARTS; part++) {
                sums[head][part] = fma(weight, parts[part], sums[head][part]);
            }
        }
    }
    for (int head = 0; head < HEADS; head++) {
        for (int part = 0; part < PARTS; part++) {
            store(results[head] + at + part * WIDTH, sums[head][part] * all(shares[head]));
        }
    }
}

template <int HEADS>
inline void attend(const HeadOfCache & cache, const VisibleCells & cells, const float * const * queries, float scale,
                   float * scores, float * const * results) {
    const int64_t stride = (cells.count + WIDTH - 1) / WIDTH * WIDTH;
    score<HEADS>(cache, cells, queries, scale, scores, stride);
    float shares[HEADS];
    for (int head = 0; head < HEADS; head++) {
        shares[head] = soften(scores + head * stride, stride, cells);
    }
    int at = 0;
    for (; at + SLICES * WIDTH <= cache.value_size; at += SLICES * WIDTH) {
        gather<HEADS, SLICES>(cache, cells, scores, stride, shares, at, results);
    }
    for (; at < cache.value_size; at += WIDTH) {
        gather<HEADS, 1>(cache, cells, scores, stride, shares, at, results);
    }
}

}  // namespace

void PUNA_ATTEND(const HeadOfCache & cache, const VisibleCells & cells, int heads, const float * const * queries, float scale,
                 float * scores, float * const * results) {
    switch (heads) {
        case 1: return attend<1>(cache, cells, queries, scale, scores, results);
        case 2: return attend<2>(cache, cells, queries, scale, scores, results);
        case 3: return attend<3>(cache, cells, queries, scale, scores, results);
        default: return attend<4>(cache, cells, queries, scale, scores, results);
    }
}

}  // namespace puna
