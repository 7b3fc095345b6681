// SPDX-License-Identifier: Apache-2.0
#include "grammar_run.h"

#include "symbol_hooks.h"
#include "unwinding.h"

#ifdef __APPLE__
#include <malloc/malloc.h>
#define malloc_usable_size malloc_size
#else
#include <malloc.h>
#endif

#include <cstdlib>
#include <ctime>
#include <mutex>
#include <new>

namespace puna {

namespace {

// Making the grammar of ten thousand alternatives takes less than a fifth of it, and those who share the model can wait so long.
constexpr int64_t LONGEST_RUN = 3'000'000'000;
constexpr int64_t MOST_HELD   = int64_t(256) << 20;
// Looking at the clock is a system call.
constexpr int64_t STEPS_A_LOOK = 256;
constexpr size_t BYTES_A_STEP  = 4096;

thread_local GrammarRun * current = nullptr;

// Nanoseconds that the calling thread has run.
int64_t thread_time() {
    timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return int64_t(time.tv_sec) * 1'000'000'000 + time.tv_nsec;
}

// As libstdc++ has them, but looked at.
void * hooked_new(size_t bytes) {
    GrammarRun::allocate(bytes);
    void * memory = ::operator new(bytes);
    GrammarRun::allocated(memory);
    return memory;
}

void hooked_delete(void * memory, size_t) {
    GrammarRun::freed(memory);
    ::operator delete(memory);
}

void hook_once() {
    static std::once_flag once;
    std::call_once(once, [] {
        hook_symbols("libllama.", {
                                      { "_Znwm", reinterpret_cast<void *>(hooked_new) },
                                      { "_ZdlPvm", reinterpret_cast<void *>(hooked_delete) },
                                  });
    });
}

}  // namespace

GrammarTooCostly::GrammarTooCostly()
    : std::runtime_error("the grammar can go on in too many ways at once") {}

GrammarRun::GrammarRun() : outer_(current) {
    hook_once();
    end_    = thread_time() + LONGEST_RUN;
    current = this;
}

GrammarRun::~GrammarRun() {
    current = outer_;
}

void GrammarRun::allocate(size_t bytes) {
    auto * const run = current;
    if (!run) {
        return;
    }
    run->until_look_ -= 1 + static_cast<int64_t>(bytes / BYTES_A_STEP);
    if (run->until_look_ <= 0) {
        run->until_look_ = STEPS_A_LOOK;
        run->over_       = run->over_ || thread_time() > run->end_;
    }
    run->over_ = run->over_ || static_cast<int64_t>(bytes) > MOST_HELD - run->held_;
    if (run->over_ && may_throw(run)) {
        throw GrammarTooCostly();
    }
}

void GrammarRun::allocated(void * memory) {
    if (current) {
        current->held_ += static_cast<int64_t>(malloc_usable_size(memory));
    }
}

void GrammarRun::freed(void * memory) {
    if (current && memory) {
        current->held_ -= static_cast<int64_t>(malloc_usable_size(memory));
    }
}

}  // namespace puna
