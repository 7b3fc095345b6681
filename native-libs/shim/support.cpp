// SPDX-License-Identifier: Apache-2.0
#include "support.h"

#include <cstdlib>

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
