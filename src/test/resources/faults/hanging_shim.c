// SPDX-License-Identifier: Apache-2.0
/*
 * Stands before the real shim, as a driver whose call never returns: the step of more than MOST tokens waits for what
 * nobody tells. All else is the real one's, which this library is linked to.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdint.h>
#include <unistd.h>

#define MOST 8

typedef int32_t step(void * context, int32_t n_tokens, const void * tokens, const void * positions,
                     const void * sequences, const void * outputs, int32_t n_rows, void * rows, char ** error);

int32_t puna_step(void * context, int32_t n_tokens, const void * tokens, const void * positions, const void * sequences,
                  const void * outputs, int32_t n_rows, void * rows, char ** error) {
    while (n_tokens > MOST) {
        pause();
    }
    step * real = (step *) dlsym(RTLD_NEXT, "puna_step");
    return real(context, n_tokens, tokens, positions, sequences, outputs, n_rows, rows, error);
}
