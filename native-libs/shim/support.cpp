// SPDX-License-Identifier: Apache-2.0
#include "support.h"

#include <cstdlib>
#include <cstring>
#include <new>

namespace puna {

char * to_c_string(const std::string & text) {
    auto * copy = static_cast<char *>(std::malloc(text.size() + 1));
    if (!copy) {
        throw std::bad_alloc();
    }
    std::memcpy(copy, text.data(), text.size());
    copy[text.size()] = '\0';
    return copy;
}

void set_error(char ** error, const std::string & message) noexcept {
    if (!error) {
        return;
    }
    try {
        *error = to_c_string(message);
    } catch (...) {
        *error = nullptr;
    }
}

}  // namespace puna

#define PUNA_TEXT(number) PUNA_TEXT_OF(number)
#define PUNA_TEXT_OF(number) #number

// Lets native-libs/prepare recognise the version of a library file without loading it.
__attribute__((used)) static const char identity[] =
    "puna-shim abi=" PUNA_TEXT(PUNA_SHIM_ABI) " llama=" PUNA_LLAMA_VERSION;

uint32_t puna_shim_abi(void) {
    return PUNA_SHIM_ABI;
}

const char * puna_shim_llama_version(void) {
    return identity + sizeof identity - sizeof PUNA_LLAMA_VERSION;
}

void puna_string_free(char * string) {
    std::free(string);
}
