// SPDX-License-Identifier: Apache-2.0
#include "counted_run.h"

#include "symbol_hooks.h"
#include "unwinding.h"

#ifdef __APPLE__
#include <malloc/malloc.h>
#define malloc_usable_size malloc_size
#else
#include <malloc.h>
#endif
#include <pthread.h>

#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <mutex>
#include <new>
#include <stdexcept>

namespace puna {

namespace {

// Looking at a clock takes from some 30 ns to a system call, a usual step less than a microsecond.
constexpr int64_t STEPS_A_LOOK = 256;
constexpr size_t BYTES_A_STEP  = 4096;
// What telling a failure may take after a bound was reached.
constexpr size_t MOST_SPARE    = size_t(8) << 20;
constexpr size_t LARGEST_SPARE = size_t(256) << 10;
// JSON values say that they hold a container before they allocate it, and assert that they do when they are freed: so the smallest
// pieces are still given, but for those of a recursion, and not for ever. What builds JSON soon asks for more.
constexpr size_t LARGEST_PIECE = 64;

// Read at each allocation. So small a variable has room beside those of the program, and is found without a call.
#ifdef __linux__
__attribute__((tls_model("initial-exec")))
#endif
thread_local CountedRun * current = nullptr;

#ifdef PUNA_FAULTS
thread_local int64_t until_fault = -1;
#endif

int64_t read(clockid_t clock) {
    timespec time{};
    clock_gettime(clock, &time);
    return int64_t(time.tv_sec) * 1'000'000'000 + time.tv_nsec;
}

// The lowest address of the calling thread's stack.
uintptr_t stack_end() {
#ifdef __APPLE__
    const auto self = pthread_self();
    return reinterpret_cast<uintptr_t>(pthread_get_stackaddr_np(self)) - pthread_get_stacksize_np(self);
#else
    pthread_attr_t attributes;
    if (pthread_getattr_np(pthread_self(), &attributes) != 0) {
        throw std::runtime_error("cannot tell how large the stack is");
    }
    void * lowest = nullptr;
    size_t size   = 0;
    pthread_attr_getstack(&attributes, &lowest, &size);
    pthread_attr_destroy(&attributes);
    return reinterpret_cast<uintptr_t>(lowest);
#endif
}

uintptr_t stack_pointer() {
    return reinterpret_cast<uintptr_t>(__builtin_frame_address(0));
}

// As libstdc++ has them, but counted.
void * hooked_new(size_t bytes) {
    CountedRun::allocate(bytes);
    void * memory;
    while ((memory = std::malloc(bytes ? bytes : 1)) == nullptr) {
        const auto handler = std::get_new_handler();
        if (!handler) {
            throw std::bad_alloc();
        }
        handler();
    }
    CountedRun::allocated(memory);
    return memory;
}

void hooked_delete(void * memory) {
    CountedRun::freed(memory);
    std::free(memory);
}

void hooked_sized_delete(void * memory, size_t) {
    hooked_delete(memory);
}

// Of what templates and grammars run through. What one of them allocates another may free.
void hook_allocations() {
    static std::once_flag once;
    std::call_once(once, [] {
        const std::vector<SymbolHook> memory{
            { "_Znwm", reinterpret_cast<void *>(hooked_new) },
            { "_ZdlPv", reinterpret_cast<void *>(hooked_delete) },
            { "_ZdlPvm", reinterpret_cast<void *>(hooked_sized_delete) },
        };
        for (const char * library : { "libpuna-shim.", "libstdc++.", "libllama-common.", "libllama." }) {
            hook_symbols(library, memory);
        }
    });
}

}  // namespace

int64_t time_passed() {
    return read(CLOCK_MONOTONIC);
}

int64_t time_run() {
    return read(CLOCK_THREAD_CPUTIME_ID);
}

CountedRun::CountedRun(const RunBounds & bounds) : bounds_(bounds), until_look_(STEPS_A_LOOK), outer_(current) {
    hook_allocations();
    if (bounds.most_stack) {
        const auto here = stack_pointer();
        room_           = std::min<uintptr_t>(bounds.most_stack, (here - stack_end()) / 2);
        floor_          = here - room_;
    }
    current = this;
}

CountedRun::~CountedRun() {
    current = outer_;
}

void CountedRun::step(size_t bytes) {
#ifdef PUNA_FAULTS
    if (reached_ == Bound::NONE && until_fault-- == 0) {
        reached_ = Bound::MEMORY;
    }
#endif
    if (reached_ != Bound::NONE) {
        return;
    }
    if (stack_pointer() < floor_) {
        reached_ = Bound::STACK;
    }
    until_look_ -= 1 + static_cast<int64_t>(bytes / BYTES_A_STEP);
    if (until_look_ <= 0) {
        until_look_ = STEPS_A_LOOK;
        look();
    }
}

// A run that is over before its first look costs no reading of the clock.
void CountedRun::look() {
    const auto now = bounds_.clock();
    if (end_ == 0) {
        end_ = now + bounds_.longest;
    } else if (now > end_) {
        reached_ = Bound::TIME;
    }
}

// In a function that must not throw all goes on: such ones release, compare or move what there is, and what calls them
// is stopped at its own next step.
void CountedRun::stop() {
    if (may_throw(this)) {
        told_ = true;
        bounds_.raise(reached_);
    }
}

void CountedRun::check(size_t bytes) {
    auto * const run = current;
    if (!run) {
        return;
    }
    run->step(bytes);
    if (run->reached_ != Bound::NONE) {
        run->stop();
    }
}

bool CountedRun::is_over(size_t bytes) {
    if (current) {
        current->step(bytes);
    }
    return current && current->reached_ != Bound::NONE;
}

void CountedRun::allocate(size_t bytes) {
    auto * const run = current;
    if (!run) {
        return;
    }
    run->step(bytes);
    if (run->reached_ == Bound::NONE && static_cast<int64_t>(bytes) > run->bounds_.most_held - run->held_) {
        // Where macros call each other, each has variables of its own.
        run->reached_ = stack_pointer() < run->floor_ + run->room_ / 4 * 3 ? Bound::STACK : Bound::MEMORY;
    }
    if (run->reached_ == Bound::NONE) {
        return;
    }
    if (run->told_ && bytes <= LARGEST_SPARE && run->spare_ + bytes <= MOST_SPARE) {
        run->spare_ += bytes;
    } else if (bytes > LARGEST_PIECE || stack_pointer() < run->floor_ || run->pieces_++ >= run->bounds_.most_pieces) {
        run->stop();
    }
}

void CountedRun::allocated(void * memory) {
    if (current) {
        current->held_ += static_cast<int64_t>(malloc_usable_size(memory));
    }
}

void CountedRun::freed(void * memory) {
    if (current && memory) {
        current->held_ -= static_cast<int64_t>(malloc_usable_size(memory));
    }
}

#ifdef PUNA_FAULTS
extern "C" __attribute__((visibility("default"))) int64_t puna_fault_after(int64_t steps) {
    const auto left = until_fault;
    until_fault     = steps;
    return left;
}
#endif

}  // namespace puna
