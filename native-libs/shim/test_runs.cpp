// SPDX-License-Identifier: Apache-2.0
// Counted runs by themselves: when a clock is read, which bound stops what, and what may still be allocated then.
#include "counted_run.h"

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <stdexcept>

namespace {

using puna::Bound;
using puna::CountedRun;

constexpr size_t MIB = size_t(1) << 20;

int64_t now  = 1;
int readings = 0;

int64_t clock_of_the_test() {
    readings++;
    return now;
}

struct Stopped {
    Bound bound;
};

[[noreturn]] void raise(Bound reached) {
    throw Stopped{ reached };
}

puna::RunBounds bounds(size_t most_stack = 0, int64_t most_pieces = 0) {
    return { clock_of_the_test, 100, int64_t(MIB), most_stack, most_pieces, raise };
}

// No string is made before it is needed: libstdc++ would allocate it in the run.
void check(bool holds, const char * what) {
    if (!holds) {
        throw std::runtime_error(what);
    }
}

template <typename Work>
Bound stopped_by(Work && work) {
    try {
        work();
    } catch (const Stopped & stopped) {
        return stopped.bound;
    }
    return Bound::NONE;
}

void many_checks() {
    for (int i = 0; i < 1000; i++) {
        CountedRun::check();
    }
}

void a_short_run_reads_no_clock() {
    readings = 0;
    const CountedRun run(bounds());
    for (int i = 0; i < 255; i++) {
        CountedRun::allocate(16);
    }
    check(readings == 0, "the clock was read");
    CountedRun::allocate(16);
    check(readings == 1, "the clock was not read");
}

void time_counts_from_the_first_look_on() {
    const CountedRun run(bounds());
    check(stopped_by(many_checks) == Bound::NONE, "stopped although no time passed");
    now += 100;
    check(stopped_by(many_checks) == Bound::NONE, "stopped before its time");
    now += 1;
    check(stopped_by(many_checks) == Bound::TIME, "not stopped");
    check(run.bound() == Bound::TIME && CountedRun::is_over(), "went on afterwards");
}

void large_steps_are_looked_at_sooner() {
    readings = 0;
    const CountedRun run(bounds());
    CountedRun::check(MIB);
    check(readings == 1, "the clock was not read");
}

void memory_that_is_held_counts_and_what_is_freed_does_not() {
    const CountedRun run(bounds());
    const std::unique_ptr<void, void (*)(void *)> memory(std::malloc(600 << 10), std::free);
    CountedRun::allocated(memory.get());
    check(run.held() >= 600 << 10, "what was allocated is not held");
    CountedRun::freed(memory.get());
    CountedRun::freed(nullptr);
    check(run.held() == 0, "what was freed is held");
    check(stopped_by([] { CountedRun::allocate(600 << 10); }) == Bound::NONE, "refused what fits");
    CountedRun::allocated(memory.get());
    check(stopped_by([] { CountedRun::allocate(600 << 10); }) == Bound::MEMORY, "gave what does not fit");
}

void more_memory_than_there_is_room_for_is_not_given() {
    const CountedRun run(bounds());
    check(stopped_by([] { CountedRun::allocate(MIB); }) == Bound::NONE, "refused what fits");
    check(stopped_by([] { CountedRun::allocate(MIB + 1); }) == Bound::MEMORY, "gave what does not fit");
    // Telling it takes some, but not without end.
    check(stopped_by([] { CountedRun::allocate(1000); }) == Bound::NONE, "refused what telling takes");
    check(stopped_by([] { CountedRun::allocate(MIB); }) == Bound::MEMORY, "gave more than telling takes");
    check(stopped_by([] {
              for (int i = 0; i < 10'000; i++) {
                  CountedRun::allocate(1000);
              }
          }) == Bound::MEMORY,
          "gave without end");
}

void the_smallest_pieces_are_given_where_a_run_says_so() {
    const CountedRun run(bounds(0, 2));
    now += 1;
    CountedRun::check(MIB);
    now += 101;
    check(stopped_by([] { CountedRun::is_over(MIB); }) == Bound::NONE, "threw where nothing may be thrown");
    check(stopped_by([] { CountedRun::allocate(64); }) == Bound::NONE, "refused the first piece");
    check(stopped_by([] { CountedRun::allocate(64); }) == Bound::NONE, "refused the second piece");
    check(stopped_by([] { CountedRun::allocate(64); }) == Bound::TIME, "gave the third piece");
}

int depth_of(int depth) {
    volatile char room[1024] = { 0 };
    CountedRun::check();
    return depth == 0 ? room[0] : depth_of(depth - 1) + room[0];
}

void recursion_is_stopped_by_the_stack() {
    const CountedRun run(bounds(256 << 10));
    check(stopped_by([] { depth_of(50); }) == Bound::NONE, "stopped what fits");
    check(stopped_by([] { depth_of(5'000); }) == Bound::STACK, "not stopped");
}

void runs_within_each_other_count_by_themselves() {
    const CountedRun outer(bounds());
    {
        const CountedRun inner(bounds());
        check(stopped_by([] { CountedRun::allocate(MIB + 1); }) == Bound::MEMORY, "not stopped");
    }
    check(outer.bound() == Bound::NONE && !CountedRun::is_over(), "the outer run was stopped");
    check(stopped_by([] { CountedRun::allocate(MIB + 1); }) == Bound::MEMORY, "the outer run does not count any more");
}

void without_a_run_nothing_is_counted() {
    check(stopped_by([] { CountedRun::allocate(100 * MIB); }) == Bound::NONE && !CountedRun::is_over(), "counted");
}

}  // namespace

int main() {
    const struct {
        const char * name;
        void (*test)();
    } tests[] = {
        { "a short run reads no clock", a_short_run_reads_no_clock },
        { "time counts from the first look on", time_counts_from_the_first_look_on },
        { "large steps are looked at sooner", large_steps_are_looked_at_sooner },
        { "memory that is held counts and what is freed does not", memory_that_is_held_counts_and_what_is_freed_does_not },
        { "more memory than there is room for is not given", more_memory_than_there_is_room_for_is_not_given },
        { "the smallest pieces are given where a run says so", the_smallest_pieces_are_given_where_a_run_says_so },
        { "recursion is stopped by the stack", recursion_is_stopped_by_the_stack },
        { "runs within each other count by themselves", runs_within_each_other_count_by_themselves },
        { "without a run nothing is counted", without_a_run_nothing_is_counted },
    };
    int failed = 0;
    for (const auto & one : tests) {
        try {
            one.test();
            std::printf("ok    %s\n", one.name);
        } catch (const std::exception & exception) {
            std::printf("FAIL  %s: %s\n", one.name, exception.what());
            failed++;
        }
    }
    return failed == 0 ? 0 : 1;
}
