// SPDX-License-Identifier: Apache-2.0
#include "vectors.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>

#if defined(__x86_64__)
#define PUNA_FOR_EACH_CPU __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define PUNA_FOR_EACH_CPU
#endif

namespace {

constexpr size_t LANES = 16;

// GCC lowers these to whatever the function's instruction set has: 16, 8 or 4 lanes at a time.
typedef float Floats __attribute__((vector_size(LANES * sizeof(float))));
typedef int32_t Ints __attribute__((vector_size(LANES * sizeof(int32_t))));
typedef float Half __attribute__((vector_size(LANES * sizeof(float) / 2)));
typedef float Quarter __attribute__((vector_size(LANES * sizeof(float) / 4)));

// exp of this adds nothing to a sum that holds a 1, so it stands for zero; the exponent arithmetic needs a floor
// anyway.
constexpr float SMALLEST_EXPONENT = -87.0f;

}  // namespace

namespace puna {

PUNA_FOR_EACH_CPU
void block_maxima(const float * values, size_t n_blocks, float * maxima) {
    for (size_t block = 0; block < n_blocks; block++) {
        Floats most = Floats{} - INFINITY;
        for (size_t i = 0; i < BLOCK; i += LANES) {
            Floats next;
            std::memcpy(&next, values + block * BLOCK + i, sizeof next);
            most = next > most ? next : most;
        }
        Half halves[2];
        std::memcpy(halves, &most, sizeof most);
        const Half half = halves[0] > halves[1] ? halves[0] : halves[1];
        Quarter quarters[2];
        std::memcpy(quarters, &half, sizeof half);
        const Quarter quarter = quarters[0] > quarters[1] ? quarters[0] : quarters[1];
        const float left      = quarter[0] > quarter[1] ? quarter[0] : quarter[1];
        const float right     = quarter[2] > quarter[3] ? quarter[2] : quarter[3];
        maxima[block]         = left > right ? left : right;
    }
}

// exp(y) = 2^k * exp(r) with k = round(y / ln 2): the exponent is set in the bits, exp(r) is a polynomial whose error
// on |r| <= ln(2)/2 is below that of a float. Written into the loop, since a function would not be cloned with it.
PUNA_FOR_EACH_CPU
double sum_exp(const float * values, size_t n, float reference, float scale, float ceiling) {
    constexpr float PER_LN2  = 1.44269504f;
    constexpr float LN2_HIGH = 0.693359375f;
    constexpr float LN2_LOW  = -2.12194440e-4f;
    constexpr float ROUNDING = 12582912.0f;  // 1.5 * 2^23: adding it leaves no bits for a fraction
    constexpr size_t FLUSH   = 256;          // vectors a float sum runs over: short enough to stay exact enough

    float tail[LANES];
    std::fill_n(tail, LANES, -INFINITY);
    std::copy_n(values + n / LANES * LANES, n % LANES, tail);
    const size_t vectors = n / LANES + 1;

    const Floats limit    = Floats{} + ceiling;
    const Floats smallest = Floats{} + SMALLEST_EXPONENT;
    double total          = 0;
    for (size_t start = 0; start < vectors; start += FLUSH) {
        const size_t end = start + FLUSH < vectors ? start + FLUSH : vectors;
        Floats sum{};
        for (size_t i = start; i < end; i++) {
            Floats x;
            std::memcpy(&x, i + 1 < vectors ? values + i * LANES : tail, sizeof x);
            Floats y       = (x - reference) * scale;
            y              = x <= limit ? y : smallest;
            y              = y > smallest ? y : smallest;
            const Floats k = (y * PER_LN2 + ROUNDING) - ROUNDING;
            const Floats r = y - k * LN2_HIGH - k * LN2_LOW;
            Floats p       = r * (1.0f / 720) + 1.0f / 120;
            p              = p * r + 1.0f / 24;
            p              = p * r + 1.0f / 6;
            p              = p * r + 0.5f;
            p              = p * r * r + r + 1.0f;
            Ints bits;
            std::memcpy(&bits, &p, sizeof p);
            bits += __builtin_convertvector(k, Ints) << 23;
            std::memcpy(&p, &bits, sizeof p);
            sum += p;
        }
        for (size_t lane = 0; lane < LANES; lane++) {
            total += sum[lane];
        }
    }
    return total;
}

}  // namespace puna
