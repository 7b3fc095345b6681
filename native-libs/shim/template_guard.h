// SPDX-License-Identifier: Apache-2.0
// Chat templates with guards in them.
#pragma once

#include "template_run.h"

#include "chat.h"

namespace puna {

// As common_chat_templates_init, but the templates have guards in them before they run for the first time. Needs a hooked
// interpreter and a TemplateRun. Throws with the parser's own words.
common_chat_templates_ptr init_guarded_templates(const llama_model * model, const char * given);

}  // namespace puna
