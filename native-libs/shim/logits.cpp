// SPDX-License-Identifier: Apache-2.0
// The idea: one streaming pass leaves the maximum of every block of 64. The k-th largest of those maxima is a floor
// under the k-th largest logit, so only the few blocks that reach it can hold one of the k best and need to be read
// again.
#include "logits.h"

#include "vectors.h"

#include <algorithm>
#include <cmath>
#include <functional>

namespace puna {

namespace {

// Maxima per coarse maximum: the same idea applied to the maxima themselves.
constexpr size_t GROUP = 16;

}  // namespace

void Logits::attach(float * values, size_t size) {
    values_   = values;
    size_     = size;
    measured_ = false;
}

void Logits::measure() {
    if (measured_) {
        return;
    }
    measured_          = true;
    const size_t whole = size_ / BLOCK;
    maxima_.resize((size_ + BLOCK - 1) / BLOCK);
    block_maxima(values_, whole, maxima_.data());
    if (whole < maxima_.size()) {
        float most = -INFINITY;
        for (size_t i = whole * BLOCK; i < size_; i++) {
            most = values_[i] > most ? values_[i] : most;
        }
        maxima_[whole] = most;
    }
}

float Logits::highest() {
    measure();
    return maxima_.empty() ? -INFINITY : *std::max_element(maxima_.begin(), maxima_.end());
}

llama_token Logits::best() {
    const float most = highest();
    if (most == -INFINITY) {
        return LLAMA_TOKEN_NULL;
    }
    const auto block = std::find(maxima_.begin(), maxima_.end(), most) - maxima_.begin();
    return static_cast<llama_token>(std::find(values_ + block * BLOCK, values_ + size_, most) - values_);
}

// Of the blocks behind that of the best the maxima tell, without another look at their values.
bool Logits::has_equals(llama_token best) {
    measure();
    const float most   = values_[best];
    const size_t block = best / BLOCK;
    float * const end  = values_ + std::min((block + 1) * BLOCK, size_);
    return std::find(values_ + best + 1, end, most) != end ||
           std::find(maxima_.begin() + block + 1, maxima_.end(), most) != maxima_.end();
}

// The count-th largest of the block maxima; 1 <= count <= number of blocks.
float Logits::count_th_maximum(size_t count) {
    float floor = -INFINITY;
    if (maxima_.size() / GROUP >= 2 * count) {
        coarse_.clear();
        for (size_t i = 0; i < maxima_.size(); i += GROUP) {
            coarse_.push_back(
                *std::max_element(maxima_.begin() + i, maxima_.begin() + std::min(i + GROUP, maxima_.size())));
        }
        std::nth_element(coarse_.begin(), coarse_.begin() + count - 1, coarse_.end(), std::greater<float>());
        floor = coarse_[count - 1];
    }
    scratch_.resize(maxima_.size());
    size_t kept = 0;
    for (const float maximum : maxima_) {
        scratch_[kept] = maximum;
        kept += maximum >= floor;
    }
    std::nth_element(scratch_.begin(), scratch_.begin() + count - 1, scratch_.begin() + kept, std::greater<float>());
    return scratch_[count - 1];
}

void Logits::collect(float floor, Candidates & out) const {
    out.clear();
    for (size_t block = 0; block < maxima_.size(); block++) {
        if (maxima_[block] < floor) {
            continue;
        }
        const size_t end = std::min((block + 1) * BLOCK, size_);
        for (size_t i = block * BLOCK; i < end; i++) {
            if (values_[i] >= floor && values_[i] > -INFINITY) {
                out.push_back({static_cast<llama_token>(i), values_[i], 0.0f});
            }
        }
    }
}

void Logits::top(size_t count, Candidates & out) {
    measure();
    collect(count < maxima_.size() ? count_th_maximum(count) : -INFINITY, out);
    if (out.size() > count) {
        std::nth_element(out.begin(), out.begin() + count, out.end(), better);
        out.resize(count);
    }
    std::sort(out.begin(), out.end(), better);
}

float Logits::log_sum_exp() {
    const float most = highest();
    if (most == -INFINITY) {
        return -INFINITY;
    }
    return most + static_cast<float>(std::log(sum_exp(values_, size_, most, 1.0f, INFINITY)));
}

double Logits::mass_up_to(float ceiling, float reference, float temperature) const {
    return sum_exp(values_, size_, reference, 1.0f / temperature, ceiling);
}

}  // namespace puna
