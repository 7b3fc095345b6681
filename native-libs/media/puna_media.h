// SPDX-License-Identifier: Apache-2.0
//
// The C face of libmtmd, which turns pictures and sounds into what a text model reads, and of the decoders that it needs.
// A library of its own, so that a process that runs only text models loads neither this nor libmtmd.
// The rules are those of puna_shim.h: nothing throws, a failure is a NULL or negative result with a message in `error`, and
// every `char *` that comes back is freed by puna_string_free.

#ifndef PUNA_MEDIA_H
#define PUNA_MEDIA_H

#include "llama.h"

#define PUNA_MEDIA_ABI 1
#define PUNA_MEDIA_API __attribute__((visibility("default")))

#ifdef __cplusplus
extern "C" {
#endif

// PUNA_MEDIA_ABI as compiled in.
PUNA_MEDIA_API uint32_t puna_media_abi(void);

// --- projector ------------------------------------------------------------------------------------------------------

// A projector beside its text model, which must outlive it.
typedef struct puna_media puna_media;

PUNA_MEDIA_API puna_media * puna_media_init(const struct llama_model * model, const char * path, int32_t n_threads,
                                            bool use_gpu, char ** error);
PUNA_MEDIA_API void puna_media_free(puna_media * media);
// {"vision":b,"audio":b,"mrope":b,"non_causal":b,"embedding_length":n,"bytes":n,"device_bytes":n}
PUNA_MEDIA_API char * puna_media_facts(const puna_media * media);

// --- pictures -------------------------------------------------------------------------------------------------------

// Pixels or samples, or just how many there would be.
typedef struct puna_picture puna_picture;

// From the header alone: good for counting, not for encoding. A sound is decoded as a whole, being small.
PUNA_MEDIA_API puna_picture * puna_picture_outline(const puna_media * media, const uint8_t * data, size_t size,
                                                   char ** error);
// PNG, JPEG, GIF and WebP (of moving ones the first picture), BMP; WAV, MP3 and FLAC for a projector that hears. What
// would take more than a gigabyte on the way is refused.
PUNA_MEDIA_API puna_picture * puna_picture_decode(const puna_media * media, const uint8_t * data, size_t size,
                                                  char ** error);
PUNA_MEDIA_API void puna_picture_free(puna_picture * picture);

// --- chunks ---------------------------------------------------------------------------------------------------------

// A prompt in parts that are decoded in different ways.
typedef struct puna_chunks puna_chunks;

typedef struct puna_chunk {
    int32_t part;        // which part of the prompt gave it; -1 for text
    int32_t n_tokens;    // cells of the cache
    int32_t n_positions; // positions of the sequence, which may be fewer
    int32_t non_causal;  // 1 if all its tokens see each other, so that they must be decoded in one physical batch
} puna_chunk;

// Part i is the text texts[i] of lengths[i] bytes, or the picture pictures[i] where texts[i] is NULL. Names of control
// tokens in texts become those tokens. Thread-safe.
PUNA_MEDIA_API puna_chunks * puna_chunks_init(const puna_media * media, int32_t n_parts, const char ** texts,
                                              const int64_t * lengths, const puna_picture ** pictures,
                                              bool add_special, char ** error);
PUNA_MEDIA_API void puna_chunks_free(puna_chunks * chunks);
PUNA_MEDIA_API int32_t puna_chunks_count(const puna_chunks * chunks);
PUNA_MEDIA_API void puna_chunks_get(const puna_chunks * chunks, int32_t index, puna_chunk * chunk);
// The n_tokens tokens of a text.
PUNA_MEDIA_API void puna_chunks_tokens(const puna_chunks * chunks, int32_t index, llama_token * tokens);
// The positions of a picture or sound that begins at `first`: n_tokens, or with M-RoPE 4 * n_tokens, one dimension after the
// other, as puna_media_decode wants them.
PUNA_MEDIA_API void puna_chunks_positions(const puna_chunks * chunks, int32_t index, llama_pos first,
                                          llama_pos * positions);
// Runs a picture or sound through the projector: n_tokens * embedding_length numbers. One call at a time for each
// projector. Result: 0, or -1 with *error.
PUNA_MEDIA_API int32_t puna_chunks_encode(puna_media * media, const puna_chunks * chunks, int32_t index, float * vectors,
                                          char ** error);

// --- decoding -------------------------------------------------------------------------------------------------------

// Puts encoded vectors into the cache of a sequence. `n_positions` as many for each token as puna_chunks_positions gives.
// Results as those of puna_step.
PUNA_MEDIA_API int32_t puna_media_decode(struct llama_context * context, int32_t n_tokens, const float * vectors,
                                         const llama_pos * positions, llama_seq_id sequence, bool non_causal,
                                         char ** error);

#ifdef __cplusplus
}
#endif
#endif
