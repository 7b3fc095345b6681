// SPDX-License-Identifier: Apache-2.0
// A grammar may be continued in more ways at once than there is time or memory for: an array whose elements are one of ten kinds
// of arrays has ten thousand after four brackets.
#pragma once

#include "counted_run.h"

#include <stdexcept>

namespace puna {

// A grammar took too long, or too much memory, when it was made or at one token.
class GrammarTooCostly : public std::runtime_error {
public:
    GrammarTooCostly();
};

// Bounds what the calling thread does with a grammar of llama.cpp's while this lives: so many seconds of its processor time, and so
// much memory. A grammar that was stopped is of no more use.
class GrammarRun : public CountedRun {
public:
    GrammarRun();
};

// The same for a look ahead, which must not take long: an answer comes without it as well.
class ForcedRun : public CountedRun {
public:
    ForcedRun();
};

}  // namespace puna
