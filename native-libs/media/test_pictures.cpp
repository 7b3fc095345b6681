// SPDX-License-Identifier: Apache-2.0
// Pictures that may be anything, looked at, decoded and cut into chunks. Used with PUNA_SANITIZE:
//   media-pictures-test LIBRARY_FOLDER MODEL PROJECTOR TIMES SEED PICTURE...
#include "puna_media.h"
#include "puna_shim.h"

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

namespace {

using Bytes = std::vector<uint8_t>;

Bytes read(const char * path) {
    std::ifstream file(path, std::ios::binary);
    return Bytes(std::istreambuf_iterator<char>(file), {});
}

Bytes changed(Bytes bytes, std::mt19937 & random) {
    for (int times = 1 + random() % 6; times > 0 && !bytes.empty(); times--) {
        // Headers are short, and are where sizes are told.
        const size_t reach = random() % 2 ? bytes.size() : std::min<size_t>(bytes.size(), 64);
        const size_t at    = random() % reach;
        switch (random() % 4) {
            case 0: bytes[at] ^= 1 << random() % 8; break;
            case 1: bytes[at] = random(); break;
            case 2: bytes[at] = random() % 2 ? 0xff : 0; break;
            default: bytes.resize(random() % 8 ? bytes.size() : at); break;
        }
    }
    return bytes;
}

bool try_picture(const puna_media * media, const Bytes & bytes) {
    char * error            = nullptr;
    puna_picture * outline  = puna_picture_outline(media, bytes.data(), bytes.size(), &error);
    puna_string_free(error);
    error                   = nullptr;
    puna_picture * picture  = puna_picture_decode(media, bytes.data(), bytes.size(), &error);
    puna_string_free(error);
    const char * text[]     = {"a", nullptr};
    const int64_t lengths[] = {1, 0};
    for (const puna_picture * one : {static_cast<const puna_picture *>(outline), static_cast<const puna_picture *>(picture)}) {
        if (one) {
            const puna_picture * parts[] = {nullptr, one};
            error                        = nullptr;
            puna_chunks * chunks         = puna_chunks_init(media, 2, text, lengths, parts, true, &error);
            puna_string_free(error);
            if (chunks) {
                puna_chunks_free(chunks);
            }
        }
    }
    const bool good = picture != nullptr;
    if (outline) {
        puna_picture_free(outline);
    }
    if (picture) {
        puna_picture_free(picture);
    }
    return good;
}

}  // namespace

int main(int argc, char ** argv) {
    if (argc < 7) {
        std::fprintf(stderr, "usage: media-pictures-test LIBRARY_FOLDER MODEL PROJECTOR TIMES SEED PICTURE...\n");
        return 2;
    }
    puna_log_install(GGML_LOG_LEVEL_NONE);
    puna_backends_load(argv[1], "");
    puna_load load{};
    char * error          = nullptr;
    const char * path     = argv[2];
    llama_model * model   = puna_model_load(&path, 1, llama_model_default_params(), nullptr, nullptr, 0, &load, &error);
    puna_media * media    = model ? puna_media_init(model, argv[3], 1, false, &error) : nullptr;
    if (!media) {
        std::fprintf(stderr, "%s\n", error ? error : "no projector");
        return 2;
    }
    int decoded = 0, refused = 0;
    for (int i = 6; i < argc; i++) {
        const Bytes good = read(argv[i]);
        if (!try_picture(media, good)) {
            std::fprintf(stderr, "a good picture is refused: %s\n", argv[i]);
            return 1;
        }
        std::mt19937 random(std::atoi(argv[5]));
        for (int times = std::atoi(argv[4]); times > 0; times--) {
            (try_picture(media, changed(good, random)) ? decoded : refused)++;
        }
    }
    puna_media_free(media);
    llama_model_free(model);
    std::printf("%d decoded, %d refused\n", decoded, refused);
    return 0;
}
