// SPDX-License-Identifier: Apache-2.0
// What attention.cpp and its parts for sets of instructions have in common.
#pragma once

#include <cstddef>
#include <cstdint>

namespace puna {

constexpr int MOST_HEADS = 4;   // that are computed together
constexpr int MOST_WIDTH = 16;  // of a vector, in floats; sizes of heads are multiples of it

// One head of the cache: where its first cell lies, and how many bytes on the next. Numbers are half floats.
struct HeadOfCache {
    const char * keys;
    size_t key_stride;
    int key_size;
    const char * values;
    size_t value_stride;
    int value_size;
};

// The cells that a row sees, at least one, and what is added to their scores; `biases` is 0 up to the next multiple of MOST_WIDTH.
struct VisibleCells {
    const int32_t * indices;
    const float * biases;
    int64_t count;
    bool biased;  // whether any of them is not 0
};

// Of 1 to MOST_HEADS heads. `scores` has room for MOST_HEADS numbers a cell, each time up to the next multiple of MOST_WIDTH.
using Attend = void (*)(const HeadOfCache & cache, const VisibleCells & cells, int heads, const float * const * queries, float scale,
                        float * scores, float * const * results);

void attend_by_avx2(const HeadOfCache & cache, const VisibleCells & cells, int heads, const float * const * queries, float scale,
                    float * scores, float * const * results);
void attend_by_avx512(const HeadOfCache & cache, const VisibleCells & cells, int heads, const float * const * queries, float scale,
                      float * scores, float * const * results);

// Writes the cells that a row of the mask (half floats) does not hide, and what is added to their scores; answers how many.
// `indices` and `biases` have room for MOST_WIDTH more than `count`.
int64_t visible_by_avx2(const uint16_t * mask, int64_t count, int32_t * indices, float * biases, bool * biased);

}  // namespace puna
