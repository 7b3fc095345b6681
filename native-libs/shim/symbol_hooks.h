// SPDX-License-Identifier: Apache-2.0
// Puts functions of ours in the place of imported ones in a loaded library.
#pragma once

#include <string>
#include <vector>

namespace puna {

struct SymbolHook {
    const char * symbol;  // as the linker spells it
    void * replacement;   // of the same type
};

// From now on, whatever of the library refers to these symbols through its relocations (calls, tables of virtual functions)
// gets the replacements; other libraries do not. `library` is the beginning of its file's name. Answers how many places
// were changed: none where the library is not loaded or binds the symbols itself. Only for ELF; elsewhere nothing happens.
// Threads may be using the library: each place is changed by one atomic store.
size_t hook_symbols(const std::string & library, const std::vector<SymbolHook> & hooks);

}  // namespace puna
