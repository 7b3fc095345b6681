// SPDX-License-Identifier: Apache-2.0
// llama.cpp's Jinja interpreter makes two scopes for each turn of a loop, each of a copy of all variables that it looks up one by
// one, and asks each object twice for what it gives once. Here the same comes of one look-up, and of a copy as a whole.
#pragma once

#include "symbol_hooks.h"

#include "jinja/runtime.h"

#include <vector>

namespace puna {

// What takes the places of the library's functions, for its interpreter to find the same values in less time.
std::vector<SymbolHook> value_hooks();

// The variable of this name, or null.
const jinja::value * find_variable(const jinja::context & scope, const std::string & name);

}  // namespace puna
