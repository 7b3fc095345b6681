// SPDX-License-Identifier: Apache-2.0
#include "grammar_run.h"

namespace puna {

namespace {

[[noreturn]] void raise(Bound) {
    throw GrammarTooCostly();
}

// Making the grammar of ten thousand alternatives takes less than a fifth of the time, and those who share the model can wait so
// long. Others compute as well, so only what this thread runs counts.
constexpr RunBounds BOUNDS{ time_run, 3'000'000'000, int64_t(256) << 20, 0, 0, raise };

}  // namespace

GrammarTooCostly::GrammarTooCostly()
    : std::runtime_error("the grammar repeats too much, or can go on in too many ways at once") {}

GrammarRun::GrammarRun() : CountedRun(BOUNDS) {}

}  // namespace puna
