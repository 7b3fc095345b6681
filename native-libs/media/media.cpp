// SPDX-License-Identifier: Apache-2.0
// Projectors, and the pictures that go through them.
#include "media.h"

#include "mtmd-helper.h"

#include <algorithm>
#include <cstdio>
#include <mutex>

namespace {

// libmtmd's log goes where llama.cpp's goes, which the shim keeps.
void join_logs() {
    static std::once_flag once;
    std::call_once(once, [] {
        ggml_log_callback callback = nullptr;
        void * user_data           = nullptr;
        llama_log_get(&callback, &user_data);
        mtmd_helper_log_set(callback, user_data);
    });
}

void measure(puna_media & media, const char * path, const mtmd_context_params & params) {
    for (const auto & [device, size] : mtmd_get_memory_usage(path, params)) {
        media.bytes += size;
        if (ggml_backend_dev_type(device) != GGML_BACKEND_DEVICE_TYPE_CPU) {
            media.device_bytes += size;
        }
    }
}

bool is_sound(const uint8_t * data, size_t size) {
    const auto begins = [&](size_t at, const char * magic) {
        const size_t length = std::strlen(magic);
        return size >= at + length && std::memcmp(data + at, magic, length) == 0;
    };
    return (begins(0, "RIFF") && begins(8, "WAVE")) || begins(0, "ID3") || begins(0, "fLaC") ||
           (size >= 12 && data[0] == 0xFF && (data[1] & 0xE0) == 0xE0 && data[1] != 0xD8);
}

puna_picture * sound(const puna_media * media, const uint8_t * data, size_t size) {
    if (!mtmd_support_audio(media->context.get())) {
        throw std::invalid_argument("it is a sound, and this model does not support audio");
    }
    const auto loaded = mtmd_helper_bitmap_init_from_buf(media->context.get(), data, size, false,
                                                         mtmd_helper_init_opt_default());
    if (!loaded.bitmap) {
        throw std::invalid_argument(puna::logged("the sound is damaged"));
    }
    return new puna_picture{mtmd::bitmap_ptr(loaded.bitmap)};
}

puna_picture * picture(const puna_media * media, const puna::Pixels & pixels) {
    if (!mtmd_support_vision(media->context.get())) {
        throw std::invalid_argument("it is a picture, and this model does not support images");
    }
    const auto * rgb = pixels.rgb.empty() ? nullptr : pixels.rgb.data();
    return new puna_picture{mtmd::bitmap_ptr(mtmd_bitmap_init(pixels.width, pixels.height, rgb))};
}

}  // namespace

namespace puna {

void forget_log() {
    puna_string_free(puna_log_take());
}

std::string logged(const char * otherwise) {
    char * lines = puna_log_take();
    if (!lines) {
        return otherwise;
    }
    std::string text = lines;
    puna_string_free(lines);
    std::replace(text.begin(), text.end(), '\n', ' ');
    return text;
}

}  // namespace puna

uint32_t puna_media_abi(void) {
    return PUNA_MEDIA_ABI;
}

puna_media * puna_media_init(const llama_model * model, const char * path, int32_t n_threads, bool use_gpu,
                             char ** error) {
    return puna::guarded<puna_media *>(error, nullptr, [&] {
        join_logs();
        puna::forget_log();
        const puna::Assertions assertions(n_threads <= 1);
        auto params          = mtmd_context_params_default();
        params.use_gpu       = use_gpu;
        params.n_threads     = n_threads;
        params.print_timings = false;
        auto media           = std::make_unique<puna_media>();
        media->context.reset(mtmd_init_from_file(path, model, params));
        if (!media->context) {
            throw std::runtime_error(puna::logged("libmtmd loaded no projector and logged no reason"));
        }
        media->alone  = n_threads <= 1;
        media->length = llama_model_n_embd_inp(model);
        measure(*media, path, params);
        return media.release();
    });
}

void puna_media_free(puna_media * media) {
    delete media;
}

char * puna_media_facts(const puna_media * media) {
    return puna::guarded<char *>(nullptr, nullptr, [&] {
        const auto * context = media->context.get();
        const auto word      = [](bool value) { return std::string(value ? "true" : "false"); };
        const auto json = "{\"vision\":" + word(mtmd_support_vision(context)) +
                          ",\"audio\":" + word(mtmd_support_audio(context)) +
                          ",\"mrope\":" + word(mtmd_decode_use_mrope(context)) +
                          ",\"non_causal\":" + word(mtmd_decode_use_non_causal(context, nullptr)) +
                          ",\"embedding_length\":" + std::to_string(media->length) +
                          ",\"bytes\":" + std::to_string(media->bytes) +
                          ",\"device_bytes\":" + std::to_string(media->device_bytes) + "}";
        return puna::to_c_string(json);
    });
}

puna_picture * puna_picture_outline(const puna_media * media, const uint8_t * data, size_t size, char ** error) {
    return puna::guarded<puna_picture *>(error, nullptr, [&] {
        return is_sound(data, size) ? sound(media, data, size) : picture(media, puna::outline(data, size));
    });
}

puna_picture * puna_picture_decode(const puna_media * media, const uint8_t * data, size_t size, char ** error) {
    return puna::guarded<puna_picture *>(error, nullptr, [&] {
        return is_sound(data, size) ? sound(media, data, size) : picture(media, puna::decode(data, size));
    });
}

void puna_picture_free(puna_picture * picture) {
    delete picture;
}
