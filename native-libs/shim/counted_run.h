// SPDX-License-Identifier: Apache-2.0
// Templates of chats come with models, grammars with requests: strangers write both. What follows them in llama.cpp knows no bound,
// but allocates at each step; so allocations are where it is looked at, counted and stopped.
#pragma once

#include <cstddef>
#include <cstdint>

namespace puna {

enum class Bound { NONE, STACK, TIME, MEMORY };

struct RunBounds {
    // In nanoseconds. It is read at each look, of which the first comes after some hundred steps and starts the time.
    int64_t (*clock)();
    int64_t longest;
    // Bytes that are allocated and not yet freed.
    int64_t most_held;
    // Bytes of the stack, but never more than half of what is left of it; 0 for what does not recurse without end.
    size_t most_stack;
    // So many of the smallest allocations are still given after a bound was reached.
    int64_t most_pieces;
    // Throws what tells that a bound was reached; may allocate some hundred kilobytes.
    void (*raise)(Bound reached);
};

// Clocks: time that passes, and time that the calling thread has run, which is a system call.
int64_t time_passed();
int64_t time_run();

// Bounds what the calling thread does while this lives: so much of its stack, its time and its memory. Once a bound is reached
// nothing goes on but what tells so. Where runs lie within each other the inner one counts. Only ELF lets allocations be looked at:
// elsewhere there are only the checks.
class CountedRun {
public:
    explicit CountedRun(const RunBounds & bounds);
    ~CountedRun();
    CountedRun(const CountedRun &)             = delete;
    CountedRun & operator=(const CountedRun &) = delete;

    // Called by everything that takes a step without allocating, of about as many bytes; throws when a bound is or was reached, but
    // nowhere where that would end the process.
    static void check(size_t bytes = 0);

    // The same, and the answer whether a bound was reached, for what must not throw.
    static bool is_over(size_t bytes = 0);

    // Called where memory is allocated and freed. The first one throws likewise when there is not as much left, but lets
    // exceptions be made and told when a bound was reached.
    static void allocate(size_t bytes);
    static void allocated(void * memory);
    static void freed(void * memory);

    // What the run has allocated and not yet freed.
    size_t held() const { return held_ > 0 ? static_cast<size_t>(held_) : 0; }

    // The bound that was reached.
    Bound bound() const { return reached_; }

private:
    void step(size_t bytes);
    void look();
    void stop();

    const RunBounds bounds_;
    uintptr_t room_  = 0;
    uintptr_t floor_ = 0;
    int64_t until_look_;
    int64_t end_    = 0;  // by the clock; 0 before the first look
    int64_t held_   = 0;
    size_t spare_   = 0;
    int64_t pieces_ = 0;
    bool told_      = false;
    Bound reached_  = Bound::NONE;
    CountedRun * outer_;
};

}  // namespace puna
