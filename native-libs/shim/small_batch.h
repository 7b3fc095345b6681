// SPDX-License-Identifier: Apache-2.0
// Keeps products of a few rows away from llamafile's sgemm in ggml's CPU plugin, which is made for prompts: on some processors
// ggml's own way, row after row, is faster for two to seven rows.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace puna {

// Whether this processor is one of those, as src/docs/small-batches.md has it: AMD's.
bool gains_by_small_batches();

// From now on the plugin at this path, which is loaded and computes nothing yet, asks us before its sgemm. Answers whether it
// does: not where it has no such function or binds it itself, on other systems than Linux and other processors than x86-64,
// for which nothing was measured. Of one plugin in a process.
bool keep_small_batches(const std::string & plugin);

// From how many rows on products with weights of a type (a ggml_type) are sgemm's; 2 where all of them are, as ggml has it.
int64_t sgemm_rows(int type);

// The same for a measurement, while nothing is computed.
void set_sgemm_rows(int type, int64_t rows);

// How often sgemm was refused a product since the start, each thread that takes part counted.
uint64_t products_kept();

}  // namespace puna
