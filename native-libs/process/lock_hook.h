// SPDX-License-Identifier: Apache-2.0
// What spawn.c calls of lock.h; nothing is locked where that is missing.
#ifndef PUNA_LOCK_HOOK_H
#define PUNA_LOCK_HOOK_H

#if __has_include("lock.h")
#include "lock.h"
#else
static inline uint32_t puna_lock_apply_before(
    const struct puna_lock * lock, const char * program, char * const * arguments, char * const * environment) {
    (void) lock;
    (void) program;
    (void) arguments;
    (void) environment;
    return 0;
}
#endif

#endif
