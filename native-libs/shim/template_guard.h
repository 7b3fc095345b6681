// SPDX-License-Identifier: Apache-2.0
// Chat templates come with models, from strangers: what keeps them from taking all of the stack, the memory or for ever.
#pragma once

#include "chat.h"

#include <chrono>
#include <cstdint>
#include <string>

namespace puna {

// Bounds whatever templates the calling thread runs while this lives, all of them together: so much of its stack, some
// seconds, and as far as it can be told, memory. Once a bound is reached nothing runs any more.
class TemplateRun {
public:
    TemplateRun();
    ~TemplateRun();
    TemplateRun(const TemplateRun &) = delete;
    TemplateRun & operator=(const TemplateRun &) = delete;

    // Called by the guards in a template; throws when a bound is or was reached.
    static void check();

private:
    const char * bound_reached();

    uintptr_t floor_;
    std::chrono::steady_clock::time_point end_;
    std::chrono::steady_clock::time_point next_look_;
    size_t allocated_ = 0;
    const char * reached_ = nullptr;
    TemplateRun * outer_;
};

// As common_chat_templates_init, but the templates have guards in them before they run for the first time. Needs a
// TemplateRun. Throws with the parser's own words.
common_chat_templates_ptr init_guarded_templates(const llama_model * model, const char * given);

}  // namespace puna
