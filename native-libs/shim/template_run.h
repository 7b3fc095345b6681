// SPDX-License-Identifier: Apache-2.0
// Chat templates come with models, from strangers: what keeps them from taking all of the stack, the memory or for ever.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace puna {

// Bounds whatever templates the calling thread runs while this lives, all of them together: so much of its stack, some
// seconds, and so much memory. Everything that the interpreter allocates is counted, so one expression is bounded as well as
// many. Once a bound is reached nothing runs any more.
class TemplateRun {
public:
    // `given`: bytes of what is rendered; a large conversation may take more.
    explicit TemplateRun(size_t given = 0);
    ~TemplateRun();
    TemplateRun(const TemplateRun &) = delete;
    TemplateRun & operator=(const TemplateRun &) = delete;

    // Called by everything that takes a step in a template, of about as many bytes; throws when a bound is or was reached, but
    // nowhere where that would end the process.
    static void check(size_t bytes = 0);

    // Called where the interpreter allocates and frees. The first one throws likewise when there is not as much left, but lets
    // exceptions be made and told when a bound was reached.
    static void allocate(size_t bytes);
    static void allocated(void * memory);
    static void freed(void * memory);

    // The same, and the answer whether a bound was reached, for what must not throw.
    static bool is_over(size_t bytes = 0);

    // What the run has allocated and not yet freed.
    size_t held() const { return held_ > 0 ? static_cast<size_t>(held_) : 0; }

    // The bound that was reached, as a sentence, or null.
    const char * reached() const { return reached_; }

    // Throws if what a template has written is longer than any context could take.
    void check_output(size_t bytes) const;

private:
    void step(size_t bytes);
    void stop();

    uintptr_t room_;
    uintptr_t floor_;
    std::chrono::steady_clock::time_point end_;
    int64_t until_look_ = 0;
    int64_t held_       = 0;
    int64_t most_held_;
    size_t most_output_;
    size_t spare_         = 0;
    int64_t pieces_       = 0;
    bool told_            = false;
    const char * reached_ = nullptr;
    TemplateRun * outer_;
};

}  // namespace puna
