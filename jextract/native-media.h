// SPDX-License-Identifier: Apache-2.0
//
// What the bindings of libpuna-media are made from. includes-media.txt says what is taken.

#include "puna_media.h"
