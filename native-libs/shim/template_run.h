// SPDX-License-Identifier: Apache-2.0
// Chat templates come with models, from strangers: what keeps them from taking all of the stack, the memory or for ever.
#pragma once

#include "counted_run.h"

namespace puna {

// Bounds whatever templates the calling thread runs while this lives, all of them together: so much of its stack, some
// seconds, and so much memory. Everything that the interpreter allocates is counted, so one expression is bounded as well as
// many.
class TemplateRun : public CountedRun {
public:
    // `given`: bytes of what is rendered; a large conversation may take more.
    explicit TemplateRun(size_t given = 0);

    // The bound that was reached, as a sentence, or null.
    const char * reached() const;

    // Throws if what a template has written is longer than any context could take.
    void check_output(size_t bytes) const;

private:
    size_t most_output_;
};

}  // namespace puna
