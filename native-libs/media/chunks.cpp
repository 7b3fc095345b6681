// SPDX-License-Identifier: Apache-2.0
// Prompts with pictures in them: cut into chunks, encoded, and put into the cache.
#include "media.h"

#include <algorithm>

namespace {

constexpr int32_t FAILED = -1000;

// A slice of a picture carries the picture's id, and with it the part that it came from.
int32_t part_of(const mtmd_input_chunk * chunk) {
    const char * id = mtmd_input_chunk_get_id(chunk);
    return id ? std::stoi(id) : -1;
}

// All tokens of the batch see each other while this lives.
class Attention {
public:
    Attention(llama_context * context, bool non_causal) : context(context), non_causal(non_causal) {
        if (non_causal) {
            llama_set_causal_attn(context, false);
        }
    }

    ~Attention() {
        if (non_causal) {
            llama_set_causal_attn(context, true);
        }
    }

    Attention(const Attention &) = delete;
    Attention & operator=(const Attention &) = delete;

private:
    llama_context * context;
    bool non_causal;
};

}  // namespace

puna_chunks * puna_chunks_init(const puna_media * media, int32_t n_parts, const char ** texts, const int64_t * lengths,
                               const puna_picture ** pictures, bool add_special, char ** error) {
    return puna::guarded<puna_chunks *>(error, nullptr, [&] {
        puna::forget_log();
        const puna::Assertions assertions;
        std::vector<mtmd_input_text> inputs(n_parts);
        std::vector<mtmd_input_part> parts(n_parts);
        std::vector<const mtmd_input_part *> pointers(n_parts);
        for (int32_t i = 0; i < n_parts; i++) {
            inputs[i]   = {texts[i], size_t(lengths[i]), false, true};
            parts[i]    = {texts[i] ? &inputs[i] : nullptr, texts[i] ? nullptr : pictures[i]->bitmap.get()};
            pointers[i] = &parts[i];
            if (!texts[i]) {
                mtmd_bitmap_set_id(pictures[i]->bitmap.get(), std::to_string(i).c_str());
            }
        }
        auto chunks   = std::make_unique<puna_chunks>();
        chunks->mrope = mtmd_decode_use_mrope(media->context.get());
        chunks->list.reset(mtmd_input_chunks_init());
        if (mtmd_tokenize_from_parts(media->context.get(), chunks->list.get(), pointers.data(), pointers.size(),
                                     add_special) != 0) {
            throw std::runtime_error(puna::logged("libmtmd could not prepare the picture and logged no reason"));
        }
        const size_t count = mtmd_input_chunks_size(chunks->list.get());
        for (size_t i = 0; i < count; i++) {
            const auto * chunk = mtmd_input_chunks_get(chunks->list.get(), i);
            const bool text    = mtmd_input_chunk_get_type(chunk) == MTMD_INPUT_CHUNK_TYPE_TEXT;
            chunks->part_of.push_back(text ? -1 : part_of(chunk));
            chunks->non_causal.push_back(!text && mtmd_decode_use_non_causal(media->context.get(), chunk));
        }
        return chunks.release();
    });
}

void puna_chunks_free(puna_chunks * chunks) {
    delete chunks;
}

int32_t puna_chunks_count(const puna_chunks * chunks) {
    return int32_t(chunks->part_of.size());
}

void puna_chunks_get(const puna_chunks * chunks, int32_t index, puna_chunk * chunk) {
    const auto * from  = mtmd_input_chunks_get(chunks->list.get(), index);
    chunk->part        = chunks->part_of[index];
    chunk->n_tokens    = int32_t(mtmd_input_chunk_get_n_tokens(from));
    chunk->n_positions = mtmd_input_chunk_get_n_pos(from);
    chunk->non_causal  = chunks->non_causal[index];
}

void puna_chunks_tokens(const puna_chunks * chunks, int32_t index, llama_token * tokens) {
    size_t count        = 0;
    const auto * source = mtmd_input_chunk_get_tokens_text(mtmd_input_chunks_get(chunks->list.get(), index), &count);
    std::copy_n(source, count, tokens);
}

void puna_chunks_positions(const puna_chunks * chunks, int32_t index, llama_pos first, llama_pos * positions) {
    const auto * chunk = mtmd_input_chunks_get(chunks->list.get(), index);
    const auto * image = mtmd_input_chunk_get_tokens_image(chunk);
    const size_t count = mtmd_input_chunk_get_n_tokens(chunk);
    for (size_t i = 0; i < count; i++) {
        if (!chunks->mrope) {
            positions[i] = first + llama_pos(i);
        } else if (!image) {
            for (size_t dimension = 0; dimension < 4; dimension++) {
                positions[dimension * count + i] = first + llama_pos(i);
            }
        } else {
            const auto at            = mtmd_image_tokens_get_decoder_pos(image, first, i);
            positions[i]             = llama_pos(at.t);
            positions[count + i]     = llama_pos(at.y);
            positions[2 * count + i] = llama_pos(at.x);
            positions[3 * count + i] = llama_pos(at.z);
        }
    }
}

int32_t puna_chunks_encode(puna_media * media, const puna_chunks * chunks, int32_t index, float * vectors,
                           char ** error) {
    return puna::guarded<int32_t>(error, -1, [&] {
        puna::forget_log();
        const puna::Assertions assertions(media->alone);
        const auto * chunk = mtmd_input_chunks_get(chunks->list.get(), index);
        if (mtmd_encode_chunk(media->context.get(), chunk) != 0) {
            throw std::runtime_error(puna::logged("libmtmd could not encode the picture and logged no reason"));
        }
        const size_t count = mtmd_input_chunk_get_n_tokens(chunk) * size_t(media->length);
        std::copy_n(mtmd_get_output_embd(media->context.get()), count, vectors);
        return 0;
    });
}

int32_t puna_media_decode(llama_context * context, int32_t n_tokens, const float * vectors, const llama_pos * positions,
                          llama_seq_id sequence, bool non_causal, char ** error) {
    return puna::guarded<int32_t>(error, FAILED, [&] {
        puna::forget_log();
        // llama.cpp ends the process over batches that are too large.
        const auto limit = non_causal ? llama_n_ubatch(context) : llama_n_batch(context);
        if (n_tokens <= 0 || uint32_t(n_tokens) > limit) {
            throw std::invalid_argument("a picture of " + std::to_string(n_tokens) + " tokens, where a batch holds " +
                                        std::to_string(limit));
        }
        std::vector<int32_t> one_each(n_tokens, 1);
        std::vector<llama_seq_id *> sequence_of(n_tokens, &sequence);
        std::vector<int8_t> outputs(n_tokens, 0);
        llama_batch batch{};
        batch.n_tokens = n_tokens;
        batch.embd     = const_cast<float *>(vectors);
        batch.pos      = const_cast<llama_pos *>(positions);
        batch.n_seq_id = one_each.data();
        batch.seq_id   = sequence_of.data();
        batch.logits   = outputs.data();
        const Attention attention(context, non_causal);
        const auto result = llama_decode(context, batch);
        if (result < 0) {
            puna::set_error(error, puna::logged("llama_decode failed and logged no reason"));
        }
        return result;
    });
}
