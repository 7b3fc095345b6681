// SPDX-License-Identifier: Apache-2.0
#include "template_run.h"

#include "unwinding.h"

#include "jinja/runtime.h"

#ifdef __APPLE__
#include <malloc/malloc.h>
#define malloc_usable_size malloc_size
#else
#include <malloc.h>
#endif
#include <pthread.h>

#include <algorithm>
#include <new>
#include <stdexcept>

namespace puna {

namespace {

constexpr auto LONGEST_RUN  = std::chrono::seconds(5);
// A hundred thousand short messages are six seconds' work.
constexpr auto LONGER_A_MIB = std::chrono::seconds(1);
// Far more than a template needs that walks through the deepest schemas and arguments there may be; half of what is left of a
// stack, if that is less, is for what happens between two checks.
constexpr uintptr_t LARGEST_STACK = uintptr_t(16) << 20;
// What twenty thousand loops and the analysis of the largest known templates take is a tenth of it.
constexpr int64_t MOST_HELD     = int64_t(128) << 20;
constexpr int64_t HELD_A_BYTE   = 32;
constexpr size_t LONGEST_OUTPUT = size_t(16) << 20;
constexpr size_t OUTPUT_A_BYTE  = 8;
// Looking at the clock takes some 30 ns, a usual step less than a microsecond.
constexpr int64_t STEPS_A_LOOK = 256;
constexpr size_t BYTES_A_STEP  = 4096;
// What telling a failure may take after a bound was reached.
constexpr size_t MOST_SPARE    = size_t(8) << 20;
constexpr size_t LARGEST_SPARE = size_t(256) << 10;
// JSON values say that they hold a container before they allocate it, and assert that they do when they are freed: so the smallest
// pieces are still given, but for those of a recursion, and not for ever. What builds JSON soon asks for more.
constexpr size_t LARGEST_PIECE = 64;
constexpr int64_t MOST_PIECES  = 4096;

const char * const TOO_DEEP  = "values or macros of the chat template contain each other without end";
const char * const TOO_LONG  = "the chat template takes too long";
const char * const TOO_LARGE = "the chat template takes too much memory";

thread_local TemplateRun * current = nullptr;

#ifdef PUNA_FAULTS
thread_local int64_t until_fault = -1;
#endif

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

}  // namespace

TemplateRun::TemplateRun(size_t given) : outer_(current) {
    const auto here = stack_pointer();
    room_           = std::min(LARGEST_STACK, (here - stack_end()) / 2);
    floor_          = here - room_;
    end_            = std::chrono::steady_clock::now() + LONGEST_RUN + LONGER_A_MIB * (given >> 20);
    most_held_      = MOST_HELD + HELD_A_BYTE * static_cast<int64_t>(given);
    most_output_    = LONGEST_OUTPUT + OUTPUT_A_BYTE * given;
    current         = this;
}

TemplateRun::~TemplateRun() {
    current = outer_;
}

void TemplateRun::step(size_t bytes) {
#ifdef PUNA_FAULTS
    if (!reached_ && until_fault-- == 0) {
        reached_ = TOO_LARGE;
    }
#endif
    if (!reached_) {
        if (stack_pointer() < floor_) {
            reached_ = TOO_DEEP;
        }
        until_look_ -= 1 + static_cast<int64_t>(bytes / BYTES_A_STEP);
        if (until_look_ <= 0) {
            until_look_ = STEPS_A_LOOK;
            if (std::chrono::steady_clock::now() > end_) {
                reached_ = TOO_LONG;
            }
        }
    }
}

// In a function that must not throw all goes on: such ones release, compare or move what there is, and what calls them
// is stopped at its own next step.
void TemplateRun::stop() {
    if (may_throw(this)) {
        told_ = true;
        throw jinja::raised_exception(reached_);
    }
}

void TemplateRun::check(size_t bytes) {
    auto * const run = current;
    if (!run) {
        return;
    }
    run->step(bytes);
    if (run->reached_) {
        run->stop();
    }
}

void TemplateRun::allocate(size_t bytes) {
    auto * const run = current;
    if (!run) {
        return;
    }
    run->step(bytes);
    if (!run->reached_ && static_cast<int64_t>(bytes) > run->most_held_ - run->held_) {
        // Where macros call each other, each has variables of its own.
        run->reached_ = stack_pointer() < run->floor_ + run->room_ / 4 * 3 ? TOO_DEEP : TOO_LARGE;
    }
    if (!run->reached_) {
        return;
    }
    if (run->told_ && bytes <= LARGEST_SPARE && run->spare_ + bytes <= MOST_SPARE) {
        run->spare_ += bytes;
    } else if (bytes > LARGEST_PIECE || stack_pointer() < run->floor_ || run->pieces_++ >= MOST_PIECES) {
        run->stop();
    }
}

void TemplateRun::allocated(void * memory) {
    if (current) {
        current->held_ += static_cast<int64_t>(malloc_usable_size(memory));
    }
}

void TemplateRun::freed(void * memory) {
    if (current && memory) {
        current->held_ -= static_cast<int64_t>(malloc_usable_size(memory));
    }
}

bool TemplateRun::is_over(size_t bytes) {
    if (current) {
        current->step(bytes);
    }
    return current && current->reached_;
}

#ifdef PUNA_FAULTS
extern "C" __attribute__((visibility("default"))) int64_t puna_fault_after(int64_t steps) {
    const auto left = until_fault;
    until_fault     = steps;
    return left;
}
#endif

void TemplateRun::check_output(size_t bytes) const {
    if (bytes > most_output_) {
        throw std::runtime_error("the chat template makes a prompt of " + std::to_string(bytes >> 20) + " MiB");
    }
}

}  // namespace puna
