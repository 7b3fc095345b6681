// SPDX-License-Identifier: Apache-2.0
//
// The C face of what libllama-common does in C++ and of the per-step work that must not be many calls.
// No C++ type crosses. Nothing here throws: a failure is a NULL or negative result and, where there is an `error`, a
// message in UTF-8 there. Every `char *` that comes back (results and errors) is freed by puna_string_free.
// Text goes in as NUL-terminated UTF-8 unless a length stands beside it.

#ifndef PUNA_SHIM_H
#define PUNA_SHIM_H

#include "llama.h"

#define PUNA_SHIM_ABI 9
#define PUNA_PIECE_MAX 128
#define PUNA_TOP_MAX 20
#define PUNA_FORCED_MAX 16
// Instead of a token, or why there is no sampler: the grammar took seconds or too much memory, since it repeats too much or could go
// on in too many ways.
#define PUNA_TOO_COSTLY (-2)
// Instead of a token: nothing was sampled for the row, since a row before it contradicts the guess that it follows.
#define PUNA_NOT_REACHED (-3)
#define PUNA_API __attribute__((visibility("default")))

#ifdef __cplusplus
extern "C" {
#endif

// --- identity -------------------------------------------------------------------------------------------------------

// PUNA_SHIM_ABI as compiled in.
PUNA_API uint32_t puna_shim_abi(void);
// The llama_version() of the source that the shim was compiled with; the libllama at run time must say the same.
PUNA_API const char * puna_shim_llama_version(void);

PUNA_API void puna_string_free(char * string);

// --- log ------------------------------------------------------------------------------------------------------------

// Takes over the logs of llama, ggml and llama-common. Lines of at least `stderr_level` (ggml_log_level) go to standard
// error; warnings and errors are also kept per thread until taken.
PUNA_API void puna_log_install(int32_t stderr_level);
// The lines kept for the calling thread since the last call, one a line, or NULL.
PUNA_API char * puna_log_take(void);

// --- backends -------------------------------------------------------------------------------------------------------

// Loads ggml's plugins from the folder of the libraries (and, where CUDA finds no GPU, that of its "fallback" folder). `only`
// names the backend to compute with beside the CPU, as its plugin is called ("vulkan", "cuda", "cuda_v12" for the fallback,
// "cuda_v13" for the other; "cpu" for none); "" is any. Where `small_batches` is 1 products of a few rows are kept away from the
// sgemm of the CPU's plugin, if that can be done; -1: on processors that gain by it; 0: never. Unless it is 0, attention of steps
// with few rows is ours there, too (attention.h). To be called once.
PUNA_API void puna_backends_load(const char * folder, const char * only, int32_t small_batches);
// The plugins that were looked at, a JSON array: [{"file","backend","devices":n,"reason","small_batches","attention"}]. "backend" is "" for
// one that is not loaded; "reason" says why not, or why a loaded one has no devices; "small_batches" says whether products of a
// few rows are kept away from its sgemm, "attention" whether attention of steps with few rows is ours. Of the CPU's plugins only the best is there, and broken ones.
PUNA_API char * puna_backends(void);
// A JSON array of devices:
// [{"name","description","backend","type":"cpu|gpu|igpu|accel","id","memory_free","memory_total"}]; "id" is the same for one
// piece of hardware that several backends found, or "" if it is not known.
PUNA_API char * puna_devices(void);

// --- model ----------------------------------------------------------------------------------------------------------

// Shared with the thread that loads or quantises: written by it, read by anyone; set `cancel` to stop it.
typedef struct puna_load {
    float progress;  // 0 to 1
    int32_t cancel;
} puna_load;

// `paths`: the file, or all splits in order. Only the `n_devices` named in `devices` compute beside the CPU, none if it is 0;
// device i holds layers[i] layers, counted from the model's end backwards over all devices, the last device holding the very
// last layers, of which the output is one. `error` carries llama.cpp's own error lines.
PUNA_API struct llama_model * puna_model_load(const char ** paths, size_t n_paths, struct llama_model_params params,
                                              const char ** devices, const int32_t * layers, size_t n_devices,
                                              puna_load * load, char ** error);

// A LoRA adapter for the model, which owns and frees it. To be loaded before the contexts that shall compute with it, since
// they make room for it when they are made.
PUNA_API struct llama_adapter_lora * puna_adapter_load(struct llama_model * model, const char * path, char ** error);

// All metadata key/values as a JSON object of strings (as llama_model_meta_val_str_by_index gives them).
PUNA_API char * puna_model_metadata(const struct llama_model * model);

// The tokens that share an attribute (llama_token_attr) with `attributes`; for 0 those that end an answer. Returns their number, of which
// the first `max_tokens` are written.
PUNA_API int32_t puna_marked_tokens(const struct llama_vocab * vocab, int32_t attributes, llama_token * tokens,
                                    int32_t max_tokens);

// Number of tokens written, or minus the number needed when `max_tokens` is too small, or INT32_MIN with *error.
PUNA_API int32_t puna_tokenize(const struct llama_vocab * vocab, const char * text, int32_t text_length,
                               llama_token * tokens, int32_t max_tokens, bool add_special, bool parse_special,
                               char ** error);
// Bytes (not NUL-terminated, maybe an incomplete UTF-8 sequence) of tokens, same return convention.
PUNA_API int32_t puna_detokenize(const struct llama_vocab * vocab, const llama_token * tokens, int32_t n_tokens,
                                 char * text, int32_t max_length, bool special, char ** error);

// --- context --------------------------------------------------------------------------------------------------------

// `abort_flag` is polled while computing: non-zero makes llama_decode return 2. It must outlive the context.
PUNA_API struct llama_context * puna_context_init(struct llama_model * model, struct llama_context_params params,
                                                  const int32_t * abort_flag, char ** error);

// From now on the context computes with these adapters, each as strongly as its scale says (1 is its full strength, 0 none at
// all), and no others. The next step lays out its graph anew if that changes anything. Result: 0, or -1 with *error.
PUNA_API int32_t puna_adapters_set(struct llama_context * context, struct llama_adapter_lora ** adapters,
                                   const float * scales, size_t n_adapters, char ** error);

// Threads that all computation of the context on the CPU uses from now on; without them every step starts and ends its own.
// Asleep while there is nothing to compute. Freed after the context.
PUNA_API struct ggml_threadpool * puna_threads_init(struct llama_context * context, int32_t n_threads, char ** error);
PUNA_API void puna_threads_free(struct ggml_threadpool * threads);

// Bytes in use by buffers: {"<buffer type>":{"model":n,"context":n,"compute":n,"device":"cpu|gpu|igpu"}, ...}, where
// "cpu" says that the bytes lie in the host's memory.
PUNA_API char * puna_context_memory(const struct llama_context * context);

// --- quantisation ---------------------------------------------------------------------------------------------------

// Writes to `output` the model of `input` with weights of another type, a llama_ftype. `input` is the whole file, or the
// first part of a split one named as llama_split_path names parts, with the others beside it; `output` is one file in any
// case. `load` must be given; its progress grows with every tensor, and `cancel` stops before the next one. Blocks, on
// n_threads threads. Result: 0, or -1 with *error, and then `output` is of no use. A full disk may go unnoticed: the
// header is written last, so that such a file is none.
//
// `plan` says the rest, a line each, and may be empty. Types have ggml's names:
//   pure                          all tensors get the type of the file
//   output TYPE, embedding TYPE   of output.weight, of token_embd.weight
//   rule TYPE PATTERN             of tensors in whose name the ECMAScript expression is found; the first that fits counts
//   matrix PATH                   the importance matrix, and of it:
//   name TEXT, dataset TEXT, chunks N    what the output is to say of it
//   entry OFFSET VALUES N COUNT... NAME  the sums of a tensor, VALUES floats from OFFSET on, and N counts that divide them
PUNA_API int32_t puna_quantize(const char * input, const char * output, int32_t file_type, int32_t n_threads,
                               const char * plan, puna_load * load, char ** error);

// --- sampler --------------------------------------------------------------------------------------------------------

// One sequence's sampling state: penalties over the accepted tokens, grammar, filters, random generator.
typedef struct puna_sampler puna_sampler;

// `params` is JSON, every key optional (defaults in brackets):
//   seed [random], temperature [0.8; <= 0 takes the best token], top_k [40; <= 0 the whole vocabulary], top_p [0.9],
//   min_p [0], typical_p [1], repeat_penalty [1], presence_penalty [0], frequency_penalty [0],
//   repeat_last_n [64; -1 = all], logit_bias [{}: token id as string -> float],
//   forced_text [true] (where the grammar leaves only one text, its tokens are those of the tokenizer, and nothing is sampled),
//   grammar [""] (GBNF, root rule "root"), grammar_lazy [false],
//   grammar_triggers [[]: objects {"type":"token|word|pattern|pattern_full","value","token"}],
//   grammar_prefill [""] (text at the prompt's end that the grammar describes too),
//   thinking_start_tag [""] and thinking_end_tags [[]] (between which a lazy grammar looks for no trigger),
//   preserved_tokens [[]: strings; control tokens whose text puna_row.piece shows].
// puna_chat_apply gives the last seven. A grammar that does not parse is an error. `reason` is PUNA_TOO_COSTLY after such an error,
// 0 after any other.
PUNA_API puna_sampler * puna_sampler_init(const struct llama_model * model, const char * params, int32_t * reason,
                                          char ** error);
PUNA_API void puna_sampler_free(puna_sampler * sampler);
// Tokens of the prompt count for penalties, never for the grammar.
PUNA_API void puna_sampler_accept_prompt(puna_sampler * sampler, const llama_token * tokens, int32_t n_tokens);

// --- step -----------------------------------------------------------------------------------------------------------

// One output row of a batch: what to sample with, and what came out.
typedef struct puna_row {
    puna_sampler * sampler;
    int32_t batch_index;  // in: index of the token in the batch whose logits to sample
    int32_t
        n_top;  // in: -1 no log probability, 0 that of the token, else also that many alternatives (<= PUNA_TOP_MAX)
    int32_t expected;  // in: the token that was guessed to follow and that the next row, of the same sampler, comes after; -1 for none
    int32_t token;  // out: -1 if this row could not be sampled, PUNA_TOO_COSTLY if its grammar was stopped, PUNA_NOT_REACHED
    int32_t end;    // out: 1 if the token ends the generation (llama_vocab_is_eog), or there is none
    float logprob;  // out: natural log, over the unmodified logits
    int32_t
        piece_length;  // out: bytes of the token's text; may exceed PUNA_PIECE_MAX, then `piece` holds the first ones
    char piece[PUNA_PIECE_MAX];
    int32_t top_token[PUNA_TOP_MAX];
    float top_logprob[PUNA_TOP_MAX];
    int32_t n_forced;  // in: how many forced tokens are wanted at most, up to PUNA_FORCED_MAX; out: how many there are
    int32_t forced[PUNA_FORCED_MAX];
} puna_row;

// Decodes one batch (token i belongs to sequence sequences[i] at positions[i]; outputs[i] != 0 asks for its logits),
// then samples, accepts and detokenises every row. Control tokens give an empty piece. Result: llama_decode's (0 done,
// 1 no room in the KV cache, 2 aborted, < 0 failed), rows are filled only for 0; -1000 = an exception. *error has text
// for results below 0, and for 0 when a row could not be sampled (no token fits its grammar, no finite logit): that row
// has token -1 and its sampler is of no more use; the others are as good as ever.
// Rows with `expected` are guesses being verified: as long as each samples just the token that was expected, the next one
// is sampled as well; where one samples another token, ends or fails, the rest of its run, up to and with the first row that
// expects nothing, is PUNA_NOT_REACHED and its sampler is not touched. So a sampler goes the way that it goes without guesses.
// Where the grammar leaves a row only one text to go on with, `forced` are the tokens of its beginning: they follow `token`, the
// sampler has accepted them, and the caller decodes them with it. How many are wanted at a time does not change the answer: those
// that are left come as `token` of the next rows.
PUNA_API int32_t puna_step(struct llama_context * context, int32_t n_tokens, const llama_token * tokens,
                           const llama_pos * positions, const llama_seq_id * sequences, const int8_t * outputs,
                           int32_t n_rows, puna_row * rows, char ** error);

// --- embeddings -----------------------------------------------------------------------------------------------------

// Clears the memory, decodes the batch, and copies the pooled embedding of sequences 0..n_sequences-1 to
// out[n_sequences * n_embd], not normalised. The batch must fit into one physical batch (n_ubatch). Result as
// puna_step.
PUNA_API int32_t puna_embed(struct llama_context * context, int32_t n_tokens, const llama_token * tokens,
                            const llama_pos * positions, const llama_seq_id * sequences, int32_t n_sequences,
                            float * out, char ** error);

// --- chat formats ---------------------------------------------------------------------------------------------------

typedef struct puna_chat puna_chat;

// `chat_template`: Jinja source, or NULL for the model's own.
PUNA_API puna_chat * puna_chat_init(const struct llama_model * model, const char * chat_template, char ** error);
PUNA_API void puna_chat_free(puna_chat * chat);
// {"source":"…","supports_tools":b,"supports_tool_calls":b,"supports_thinking":b,"supports_system_role":b,
//  "supports_parallel_tool_calls":b, and more "supports_…" of llama.cpp's}
PUNA_API char * puna_chat_capabilities(const puna_chat * chat);

// `inputs` is JSON, of which only "messages" is required:
//   "messages":[OpenAI-style: role, content (string), reasoning_content, name, tool_call_id,
//               tool_calls:[{id,type,function:{name,arguments:string}}]],
//   "tools":[OpenAI tools], "tool_choice":"auto|required|none", "parallel_tool_calls":b,
//   "shown_tools":[what the template sees in the place of "tools"; formats that change tools before they are rendered
//                  show "tools" all the same],
//   "json_schema":"…"|"", "grammar":"", "enable_thinking":b,
//   "reasoning":b (default true; false leaves thinking in the content, tags and all),
//   "add_generation_prompt":b, "continue_final_message":b, "kwargs":{name: JSON text},
//   "known_format":n (what an earlier result said: where all but the prompt is as it was there, it is left out)
// Result: {"prompt", "sampler":{opaque: keys to merge into the params of puna_sampler_init}, "additional_stops":[],
//   "supports_thinking", "thinking_start_tag", "thinking_end_tags":[], "generation_prompt",
//   "parser":{opaque, for puna_chat_parser_init}, "format":n (a number of this process for all of these but the prompt; 0 if they
//   have none), and for the curious "grammar_triggers":[] of what "sampler" holds}.
// Safe to call from several threads.
PUNA_API char * puna_chat_apply(const puna_chat * chat, const char * inputs, char ** error);

// An incremental parser of one answer: text in, differences out.
typedef struct puna_chat_parser puna_chat_parser;
// `params`: the "parser" object of puna_chat_apply; "reasoning":false added to it reports thinking as content.
PUNA_API puna_chat_parser * puna_chat_parser_init(const char * params, char ** error);
PUNA_API void puna_chat_parser_free(puna_chat_parser * parser);
// Appends text; `last` = 1 with the final piece. Result: a JSON array of differences in order:
// {"thinking":"…"} | {"content":"…"} | {"tool_call":{"index","id","name","arguments"}} (arguments: the delta; name and
// id come with a call's first difference, and again when more of them became known; id is "" unless the model wrote
// one). Pieces may cut UTF-8 characters; the cost grows with the whole text so far, so feed what several tokens gave at
// once.
PUNA_API char * puna_chat_parser_feed(puna_chat_parser * parser, const char * text, int32_t text_length, int32_t last,
                                      char ** error);

#ifdef __cplusplus
}
#endif
#endif
