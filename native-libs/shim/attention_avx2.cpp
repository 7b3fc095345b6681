// SPDX-License-Identifier: Apache-2.0
// Compiled for AVX2, FMA and F16C.
#if defined(__x86_64__) && defined(__AVX2__)

#define PUNA_ATTEND attend_by_avx2
#include "attention_kernel.h"

namespace puna {

namespace {

constexpr uint16_t HIDDEN = 0xFC00;  // minus infinity

}  // namespace

int64_t visible_by_avx2(const uint16_t * mask, int64_t count, int32_t * indices, float * biases, bool * biased) {
    const __m256i hidden = _mm256_set1_epi16(static_cast<short>(HIDDEN));
    int64_t found        = 0;
    *biased              = false;
    const auto take      = [&](int64_t cell) {
        indices[found] = static_cast<int32_t>(cell);
        biases[found]  = _cvtsh_ss(mask[cell]);
        *biased        = *biased || biases[found] != 0;
        found++;
    };
    int64_t cell = 0;
    for (; cell + 16 <= count; cell += 16) {
        const __m256i values = _mm256_loadu_si256(reinterpret_cast<const __m256i *>(mask + cell));
        // Two bits a cell.
        auto seen = ~static_cast<uint32_t>(_mm256_movemask_epi8(_mm256_cmpeq_epi16(values, hidden)));
        while (seen != 0) {
            const int bit = __builtin_ctz(seen);
            take(cell + bit / 2);
            seen &= ~(3u << bit);
        }
    }
    for (; cell < count; cell++) {
        if (mask[cell] != HIDDEN) {
            take(cell);
        }
    }
    for (int64_t rest = found; rest % MOST_WIDTH != 0; rest++) {
        biases[rest] = 0;
    }
    return found;
}

}  // namespace puna

#endif
