// SPDX-License-Identifier: Apache-2.0
//
// What the bindings are made from: llama.cpp's C API, the ggml devices and our shim. includes.txt says what is taken.

#include "ggml-backend.h"
#include "llama.h"
#include "puna_shim.h"
