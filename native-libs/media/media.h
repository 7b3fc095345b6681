// SPDX-License-Identifier: Apache-2.0
// What the files of this library share.
#pragma once

#include "puna_media.h"

#include "guarded.h"
#include "mtmd.h"
#include "puna_shim.h"

#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

struct puna_media {
    mtmd::context_ptr context;
    int64_t bytes        = 0;
    int64_t device_bytes = 0;
    int32_t length       = 0;
    bool alone           = false;  // whether one thread computes
};

struct puna_picture {
    mtmd::bitmap_ptr bitmap;
};

struct puna_chunks {
    mtmd::input_chunks_ptr list;
    std::vector<int32_t> part_of;
    bool mrope = false;
    std::vector<int32_t> non_causal;
};

namespace puna {

// Width, height and RGB bytes.
struct Pixels {
    uint32_t width  = 0;
    uint32_t height = 0;
    std::vector<uint8_t> rgb;
};

// The size that a picture's header tells, or all of it. What is no picture throws.
Pixels outline(const uint8_t * data, size_t size);
Pixels decode(const uint8_t * data, size_t size);

// What the calling thread logged as a warning or worse since forget_log, in one line, or `otherwise`.
void forget_log();
std::string logged(const char * otherwise);

}  // namespace puna
