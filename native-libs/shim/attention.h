// SPDX-License-Identifier: Apache-2.0
// Attention of steps with few rows, in place of ggml's on the CPU: looks once a row for the cells that it sees, instead of once
// for each head over the cells of all sequences, and reads each cell once for all heads that share it.
#pragma once

#include <cstdint>
#include <string>

namespace puna {

// From now on the plugin at this path, which is loaded and computes nothing yet, asks us before its attention. Answers whether it
// does: not where it has no such function or binds it itself, on other systems than Linux, and on processors without AVX2, FMA and
// F16C. Of one plugin in a process.
bool take_attention(const std::string & plugin);

// Gives attention back to ggml (`ours` false) or takes it again, for a measurement, while nothing is computed.
void use_own_attention(bool ours);

// Uses no more than AVX2, or all that the processor has, for tests, while nothing is computed.
void limit_attention_to_avx2(bool limited);

// How often attention was ours since the start, each thread that takes part counted.
uint64_t attentions_taken();

}  // namespace puna
