// SPDX-License-Identifier: Apache-2.0
// One step of the decode loop in one call: decode, then for every output row sample, accept, and write the text.
#include "batch.h"
#include "grammar_run.h"
#include "sampler.h"
#include "support.h"

#include <algorithm>
#include <cmath>

namespace {

constexpr int32_t FAILED = -1000;

// Over the logits as the model gave them, before any bias or penalty.
void write_logprobs(float * logits, size_t vocabulary, puna_row & row, puna::Logits & view, puna::Candidates & best) {
    view.attach(logits, vocabulary);
    const float log_sum = view.log_sum_exp();
    row.logprob         = logits[row.token] - log_sum;
    const size_t wanted = std::min(row.n_top, PUNA_TOP_MAX);
    if (wanted == 0) {
        return;
    }
    view.top(wanted, best);
    for (size_t i = 0; i < wanted; i++) {
        row.top_token[i]   = i < best.size() ? best[i].id : LLAMA_TOKEN_NULL;
        row.top_logprob[i] = i < best.size() ? best[i].logit - log_sum : -INFINITY;
    }
}

void write_piece(const llama_vocab * vocab, puna_row & row) {
    const bool shown  = row.sampler->shows(row.token);
    const auto length = llama_token_to_piece(vocab, row.token, row.piece, PUNA_PIECE_MAX, 0, shown);
    row.piece_length  = length;
    if (length >= 0) {
        return;
    }
    row.piece_length = -length;
    std::string whole(-length, '\0');
    llama_token_to_piece(vocab, row.token, &whole[0], -length, 0, shown);
    std::copy_n(whole.data(), PUNA_PIECE_MAX, row.piece);
}

void fill(llama_context * context, const llama_vocab * vocab, puna_row & row) {
    float * logits = llama_get_logits_ith(context, row.batch_index);
    if (!logits) {
        throw std::invalid_argument("token " + std::to_string(row.batch_index) + " of the batch has no logits");
    }
    row.token = row.sampler->sample(logits);
    row.end   = llama_vocab_is_eog(vocab, row.token) ? 1 : 0;
    if (row.n_top >= 0) {
        thread_local puna::Logits view;
        thread_local puna::Candidates best;
        write_logprobs(logits, llama_vocab_n_tokens(vocab), row, view, best);
    }
    write_piece(vocab, row);
    row.sampler->accept(row.token);
    row.n_forced = row.end ? 0 : row.sampler->force(row.forced, std::min(row.n_forced, PUNA_FORCED_MAX));
}

// One sequence's bad luck (a grammar it cannot follow) must not take the others' tokens of this step.
void fail(puna_row & row, llama_token token, const char * reason, std::string & reasons) {
    row.token        = token;
    row.end          = 1;
    row.piece_length = 0;
    row.n_forced     = 0;
    reasons += (reasons.empty() ? "" : "; ") + std::string(reason);
}

void sample(llama_context * context, const llama_vocab * vocab, puna_row & row, std::string & reasons) {
    try {
        fill(context, vocab, row);
    } catch (const puna::GrammarTooCostly & exception) {
        fail(row, PUNA_TOO_COSTLY, exception.what(), reasons);
    } catch (const std::exception & exception) {
        fail(row, LLAMA_TOKEN_NULL, exception.what(), reasons);
    }
}

void leave_out(puna_row & row) {
    row.token        = PUNA_NOT_REACHED;
    row.end          = 1;
    row.piece_length = 0;
    row.n_forced     = 0;
}

}  // namespace

int32_t puna_step(llama_context * context, int32_t n_tokens, const llama_token * tokens, const llama_pos * positions,
                  const llama_seq_id * sequences, const int8_t * outputs, int32_t n_rows, puna_row * rows,
                  char ** error) {
    return puna::guarded<int32_t>(error, FAILED, [&] {
        const puna::Assertions assertions(puna::computes_alone(context));
        puna::forget_log();
        const auto result = puna::decode(context, n_tokens, tokens, positions, sequences, outputs);
        if (result < 0) {
            puna::set_error(error, puna::logged_errors("llama_decode failed and logged no reason"));
        }
        if (result != 0) {
            return result;
        }
        const auto * vocab = llama_model_get_vocab(llama_get_model(context));
        std::string reasons;
        bool contradicted = false;
        for (int32_t i = 0; i < n_rows; i++) {
            puna_row & row = rows[i];
            if (contradicted) {
                leave_out(row);
            } else {
                sample(context, vocab, row, reasons);
            }
            const bool leads_on = row.expected != LLAMA_TOKEN_NULL;
            contradicted        = leads_on && (contradicted || row.end != 0 || row.token != row.expected);
        }
        if (!reasons.empty()) {
            puna::set_error(error, reasons);
        }
        return result;
    });
}
