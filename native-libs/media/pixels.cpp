// SPDX-License-Identifier: Apache-2.0
// Pictures into pixels: stb_image for most formats, libwebp for WebP. Headers are looked at first, and all memory that
// stb_image takes is counted, because a few bytes can claim gigabytes.
#include "media.h"

#include <cstdlib>

namespace {

// More than any camera gives; beyond it the projector scales down whatever it is.
constexpr uint64_t MOST_PIXELS = uint64_t(1) << 26;
constexpr size_t MOST_BYTES    = size_t(1) << 30;

// What stb_image may still take on this thread.
thread_local size_t budget = 0;

struct Block {
    alignas(16) size_t size;
};

void * take(size_t size) {
    if (size > budget) {
        return nullptr;
    }
    auto * block = static_cast<Block *>(std::malloc(sizeof(Block) + size));
    if (!block) {
        return nullptr;
    }
    block->size = size;
    budget -= size;
    return block + 1;
}

void give(void * memory) {
    if (memory) {
        auto * block = static_cast<Block *>(memory) - 1;
        budget += block->size;
        std::free(block);
    }
}

void * resize(void * memory, size_t old_size, size_t size) {
    void * fresh = take(size);
    if (fresh && memory) {
        std::memcpy(fresh, memory, old_size < size ? old_size : size);
        give(memory);
    }
    return fresh;
}

}  // namespace

#define STBI_MALLOC(size) take(size)
#define STBI_FREE(memory) give(memory)
#define STBI_REALLOC_SIZED(memory, old_size, size) resize(memory, old_size, size)
#define STBI_NO_STDIO
#define STBI_ONLY_PNG
#define STBI_ONLY_JPEG
#define STBI_ONLY_GIF
#define STBI_ONLY_BMP
#define STB_IMAGE_STATIC
#define STB_IMAGE_IMPLEMENTATION
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wunused-function"
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"
#include "stb/stb_image.h"
#pragma GCC diagnostic pop

#ifdef PUNA_WEBP
#include "webp/decode.h"
#include "webp/demux.h"
#endif

namespace {

void check(uint64_t width, uint64_t height) {
    if (width == 0 || height == 0) {
        throw std::invalid_argument("the picture has no pixels");
    }
    if (width * height > MOST_PIXELS) {
        throw std::invalid_argument("the picture is too large: " + std::to_string(width) + " x " +
                                    std::to_string(height) + " pixels, where " + std::to_string(MOST_PIXELS) +
                                    " are the most");
    }
}

// stb_image calls a PNG that is too large by its header none at all.
void check_png(const uint8_t * data, size_t size) {
    if (size < 24 || std::memcmp(data, "\x89PNG\r\n\x1a\n", 8) != 0) {
        return;
    }
    const auto number = [&](size_t at) {
        return uint64_t(data[at]) << 24 | data[at + 1] << 16 | data[at + 2] << 8 | data[at + 3];
    };
    check(number(16), number(20));
}

bool is_webp(const uint8_t * data, size_t size) {
    return size >= 12 && std::memcmp(data, "RIFF", 4) == 0 && std::memcmp(data + 8, "WEBP", 4) == 0;
}

#ifdef PUNA_WEBP

puna::Pixels webp_outline(const uint8_t * data, size_t size) {
    int width  = 0;
    int height = 0;
    if (!WebPGetInfo(data, size, &width, &height)) {
        throw std::invalid_argument("the WebP picture is damaged");
    }
    check(width, height);
    puna::Pixels pixels;
    pixels.width  = width;
    pixels.height = height;
    return pixels;
}

// The first picture of an animation may cover only a part of the canvas; around it is black.
void first_frame(const uint8_t * data, size_t size, puna::Pixels & pixels) {
    const WebPData file{data, size};
    const std::unique_ptr<WebPDemuxer, decltype(&WebPDemuxDelete)> demuxer(WebPDemux(&file), WebPDemuxDelete);
    WebPIterator frame{};
    if (!demuxer || !WebPDemuxGetFrame(demuxer.get(), 1, &frame)) {
        throw std::invalid_argument("the WebP picture is damaged");
    }
    const std::unique_ptr<WebPIterator, decltype(&WebPDemuxReleaseIterator)> release(&frame, WebPDemuxReleaseIterator);
    const size_t stride = size_t(pixels.width) * 3;
    if (frame.x_offset < 0 || frame.y_offset < 0 || uint64_t(frame.x_offset) + frame.width > pixels.width ||
        uint64_t(frame.y_offset) + frame.height > pixels.height) {
        throw std::invalid_argument("the WebP picture is damaged");
    }
    const size_t start = frame.y_offset * stride + size_t(frame.x_offset) * 3;
    if (!WebPDecodeRGBInto(frame.fragment.bytes, frame.fragment.size, pixels.rgb.data() + start,
                           pixels.rgb.size() - start, stride)) {
        throw std::invalid_argument("the WebP picture is damaged");
    }
}

puna::Pixels webp(const uint8_t * data, size_t size) {
    auto pixels = webp_outline(data, size);
    pixels.rgb.resize(size_t(pixels.width) * pixels.height * 3);
    WebPBitstreamFeatures features;
    if (WebPGetFeatures(data, size, &features) != VP8_STATUS_OK) {
        throw std::invalid_argument("the WebP picture is damaged");
    }
    if (features.has_animation) {
        first_frame(data, size, pixels);
    } else if (!WebPDecodeRGBInto(data, size, pixels.rgb.data(), pixels.rgb.size(), int(pixels.width * 3))) {
        throw std::invalid_argument("the WebP picture is damaged");
    }
    return pixels;
}

#else

puna::Pixels webp_outline(const uint8_t *, size_t) {
    throw std::invalid_argument("WebP pictures need native libraries that were built with libwebp; send PNG or JPEG");
}

puna::Pixels webp(const uint8_t * data, size_t size) {
    return webp_outline(data, size);
}

#endif

int checked_size(size_t size) {
    if (size > MOST_BYTES) {
        throw std::invalid_argument("the picture is too large");
    }
    return int(size);
}

}  // namespace

namespace puna {

Pixels outline(const uint8_t * data, size_t size) {
    if (is_webp(data, size)) {
        return webp_outline(data, size);
    }
    check_png(data, size);
    int width    = 0;
    int height   = 0;
    int channels = 0;
    budget       = MOST_BYTES;
    if (!stbi_info_from_memory(data, checked_size(size), &width, &height, &channels)) {
        throw std::invalid_argument("it is no picture in PNG, JPEG, WebP, GIF or BMP format");
    }
    check(width, height);
    Pixels pixels;
    pixels.width  = width;
    pixels.height = height;
    return pixels;
}

Pixels decode(const uint8_t * data, size_t size) {
    if (is_webp(data, size)) {
        return webp(data, size);
    }
    auto pixels  = outline(data, size);
    int width    = 0;
    int height   = 0;
    int channels = 0;
    budget       = MOST_BYTES;
    const std::unique_ptr<stbi_uc, decltype(&stbi_image_free)> rgb(
        stbi_load_from_memory(data, checked_size(size), &width, &height, &channels, 3), stbi_image_free);
    if (!rgb) {
        throw std::invalid_argument(std::string("the picture is damaged (") + stbi_failure_reason() + ")");
    }
    check(width, height);
    pixels.width  = width;
    pixels.height = height;
    pixels.rgb.assign(rgb.get(), rgb.get() + size_t(width) * height * 3);
    return pixels;
}

}  // namespace puna
