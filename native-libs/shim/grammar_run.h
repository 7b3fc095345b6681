// SPDX-License-Identifier: Apache-2.0
// A grammar may be continued in more ways at once than there is time or memory for: an array whose elements are one of ten kinds
// of arrays has ten thousand after four brackets.
#pragma once

#include <cstddef>
#include <cstdint>
#include <stdexcept>

namespace puna {

// A grammar took too long at one token, or too much memory.
class GrammarTooCostly : public std::runtime_error {
public:
    GrammarTooCostly();
};

// Bounds what the calling thread does with a grammar of llama.cpp's while this lives: so many seconds of its processor time, and so
// much memory. Whatever follows a grammar allocates at each step, so allocations of libllama are where both are looked at. A
// grammar that was stopped is of no more use. Without ELF there is no bound.
class GrammarRun {
public:
    GrammarRun();
    ~GrammarRun();
    GrammarRun(const GrammarRun &)             = delete;
    GrammarRun & operator=(const GrammarRun &) = delete;

    // Called where libllama allocates and frees; the first one throws when a bound was reached, but nowhere where that would end
    // the process.
    static void allocate(size_t bytes);
    static void allocated(void * memory);
    static void freed(void * memory);

private:
    int64_t end_;
    int64_t until_look_ = 0;
    int64_t held_       = 0;
    bool over_          = false;
    GrammarRun * outer_;
};

}  // namespace puna
