// SPDX-License-Identifier: Apache-2.0
#include "grammar_run.h"

#include "symbol_hooks.h"

#include <cstdarg>
#include <cstdio>
#include <mutex>

namespace puna {

namespace {

[[noreturn]] void raise(Bound) {
    throw GrammarTooCostly();
}

// Making the grammar of ten thousand alternatives takes less than a fifth of the time, and those who share the model can wait so
// long. Others compute as well, so only what this thread runs counts.
constexpr RunBounds BOUNDS{ time_run, 3'000'000'000, int64_t(256) << 20, 0, 0, raise };

constexpr RunBounds AHEAD{ time_run, 100'000'000, int64_t(16) << 20, 0, 0, raise };

// llama.cpp's parser prints the whole of a grammar that it did not come through, megabytes where it was stopped: not then. Compilers
// call one of the two.
int hooked_print(FILE * file, const char * format, ...) {
    va_list arguments;
    va_start(arguments, format);
    const int written = CountedRun::is_over() ? 0 : std::vfprintf(file, format, arguments);
    va_end(arguments);
    return written;
}

int hooked_checked_print(FILE * file, int, const char * format, ...) {
    va_list arguments;
    va_start(arguments, format);
    const int written = CountedRun::is_over() ? 0 : std::vfprintf(file, format, arguments);
    va_end(arguments);
    return written;
}

void hook_prints() {
    static std::once_flag once;
    std::call_once(once, [] {
        hook_symbols("libllama.", {
                                      { "fprintf", reinterpret_cast<void *>(hooked_print) },
                                      { "__fprintf_chk", reinterpret_cast<void *>(hooked_checked_print) },
                                  });
    });
}

}  // namespace

GrammarTooCostly::GrammarTooCostly()
    : std::runtime_error("the grammar repeats too much, or can go on in too many ways at once") {}

GrammarRun::GrammarRun() : CountedRun(BOUNDS) {
    hook_prints();
}

ForcedRun::ForcedRun() : CountedRun(AHEAD) {}

}  // namespace puna
