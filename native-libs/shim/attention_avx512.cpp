// SPDX-License-Identifier: Apache-2.0
// Compiled for AVX-512F.
#if defined(__x86_64__) && defined(__AVX512F__)

#define PUNA_ATTEND attend_by_avx512
#include "attention_kernel.h"

#endif
