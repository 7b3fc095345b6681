// SPDX-License-Identifier: Apache-2.0
// What llama.cpp's Jinja interpreter calls while it evaluates one expression, made so that a TemplateRun can end it.
#pragma once

namespace puna {

// Puts our functions in their places, once in the life of the process; costs a few milliseconds the first time.
void hook_interpreter();

}  // namespace puna
