// SPDX-License-Identifier: Apache-2.0
// The passes over a whole row of logits. Each exists once per instruction set and is chosen when the library is loaded.
#pragma once

#include <cstddef>

namespace puna {

// Logits per block: small enough that reading a block again costs nothing, large enough that blocks are few.
constexpr size_t BLOCK = 64;

// The maximum of each of the n / BLOCK whole blocks; NaN counts as minus infinity.
void block_maxima(const float * values, size_t n_blocks, float * maxima);

// Sum of exp((value - reference) * scale) over the values that are at most `ceiling`; others and NaN count as
// exp(-87), which is as good as zero.
double sum_exp(const float * values, size_t n, float reference, float scale, float ceiling);

}  // namespace puna
