// SPDX-License-Identifier: Apache-2.0
#include "template_run.h"

#include "jinja/runtime.h"

#include <stdexcept>

namespace puna {

namespace {

constexpr int64_t LONGEST_RUN = 5'000'000'000;
// A hundred thousand short messages are six seconds' work.
constexpr int64_t LONGER_A_MIB = 1'000'000'000;
// Far more than a template needs that walks through the deepest schemas and arguments there may be; half of what is left of a
// stack, if that is less, is for what happens between two checks.
constexpr size_t LARGEST_STACK = size_t(16) << 20;
// What twenty thousand loops and the analysis of the largest known templates take is a tenth of it.
constexpr int64_t MOST_HELD     = int64_t(128) << 20;
constexpr int64_t HELD_A_BYTE   = 32;
constexpr int64_t MOST_PIECES   = 4096;
constexpr size_t LONGEST_OUTPUT = size_t(16) << 20;
constexpr size_t OUTPUT_A_BYTE  = 8;

const char * sentence(Bound bound) {
    switch (bound) {
        case Bound::STACK: return "values or macros of the chat template contain each other without end";
        case Bound::TIME: return "the chat template takes too long";
        case Bound::MEMORY: return "the chat template takes too much memory";
        case Bound::NONE: break;
    }
    return nullptr;
}

[[noreturn]] void raise(Bound reached) {
    throw jinja::raised_exception(sentence(reached));
}

RunBounds bounds(size_t given) {
    return { time_passed,
             LONGEST_RUN + LONGER_A_MIB * static_cast<int64_t>(given >> 20),
             MOST_HELD + HELD_A_BYTE * static_cast<int64_t>(given),
             LARGEST_STACK,
             MOST_PIECES,
             raise };
}

}  // namespace

TemplateRun::TemplateRun(size_t given)
    : CountedRun(bounds(given)), most_output_(LONGEST_OUTPUT + OUTPUT_A_BYTE * given) {}

const char * TemplateRun::reached() const {
    return sentence(bound());
}

void TemplateRun::check_output(size_t bytes) const {
    if (bytes > most_output_) {
        throw std::runtime_error("the chat template makes a prompt of " + std::to_string(bytes >> 20) + " MiB");
    }
}

}  // namespace puna
