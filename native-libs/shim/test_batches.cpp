// SPDX-License-Identifier: Apache-2.0
// Products of a few rows kept away from sgemm, on every CPU plugin of a folder that runs here, each in a process of its own:
//   shim-batches-test LIBRARY_FOLDER
// With PUNA_TEST_GGUF=model.gguf the logits of whole models are compared, too. The processes are called with PLUGIN.so and what
// is expected of it.
#include "each_plugin.h"
#include "products.h"
#include "small_batch.h"

#include "llama.h"

#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>

namespace fs = std::filesystem;

namespace {

constexpr int64_t MOST_ROWS   = 9;
constexpr int64_t WIDTH       = 512;
constexpr int64_t OUTPUTS     = 67;
constexpr int LOGITS_OF[]     = { 1, 2, 3, 4, 5, 6, 7, 8, 9 };
constexpr const char * HOOKED = "hooked";
constexpr const char * AS_IS  = "as-it-is";

const ggml_type TYPES[] = { GGML_TYPE_Q8_0, GGML_TYPE_Q5_0, GGML_TYPE_Q4_0, GGML_TYPE_IQ4_NL,
                            GGML_TYPE_F16,  GGML_TYPE_F32,  GGML_TYPE_Q4_1, GGML_TYPE_Q4_K };

// The result of a product, and whether it was kept from sgemm.
struct Result {
    std::vector<float> values;
    bool kept;
};

Result product_of(const Processor & processor, ggml_type type, const std::vector<float> & rows) {
    Product product(processor, type, OUTPUTS, WIDTH, rows.size() / WIDTH);
    product.set_rows(rows);
    const auto before = puna::products_kept();
    product.compute();
    return { product.result(), puna::products_kept() > before };
}

std::vector<float> first_rows(int64_t count) {
    return noise(WIDTH * count, 2);
}

std::string name_of(ggml_type type, int64_t rows) {
    return std::string(ggml_type_name(type)) + ", " + std::to_string(rows) + " rows: ";
}

// Of each type, with 1 to MOST_ROWS rows.
std::vector<Result> all_products(const Processor & processor) {
    std::vector<Result> results;
    for (const auto type : TYPES) {
        for (int64_t rows = 1; rows <= MOST_ROWS; rows++) {
            results.push_back(product_of(processor, type, first_rows(rows)));
        }
    }
    return results;
}

// The sums of kept products differ by rounding only, those of others not at all.
void compare(const std::vector<Result> & before, const std::vector<Result> & after, bool hooked) {
    size_t i = 0;
    for (const auto type : TYPES) {
        for (int64_t rows = 1; rows <= MOST_ROWS; rows++, i++) {
            const bool kept = hooked && rows > 1 && rows < puna::sgemm_rows(type);
            check(!before[i].kept && after[i].kept == kept, name_of(type, rows) + "kept although it should not be, or not kept");
            const auto apart = distance(after[i].values, before[i].values);
            check(apart <= (kept ? 1e-5 : 0), name_of(type, rows) + "apart by " + std::to_string(apart));
        }
    }
}

// Each row of a kept product is to the last bit what it is without the others.
void check_rows_alone(const Processor & processor) {
    const auto all = first_rows(MOST_ROWS);
    for (const auto type : TYPES) {
        if (puna::sgemm_rows(type) <= 2) {
            continue;
        }
        const auto rows     = puna::sgemm_rows(type) - 1;
        const auto together = product_of(processor, type, first_rows(rows)).values;
        for (int64_t row = 0; row < rows; row++) {
            const auto from  = all.begin() + row * WIDTH;
            const auto alone = product_of(processor, type, std::vector<float>(from, from + WIDTH)).values;
            check(std::equal(alone.begin(), alone.end(), together.begin() + row * OUTPUTS),
                  name_of(type, rows) + "row " + std::to_string(row) + " is not what it is alone");
        }
    }
}

void keep_none() {
    for (const auto type : TYPES) {
        puna::set_sgemm_rows(type, 2);
    }
}

// Sequences of one token each, decoded together.
std::vector<float> logits_of(llama_model * model, int rows) {
    auto params         = llama_context_default_params();
    params.n_ctx        = 64 * MOST_ROWS;
    params.n_seq_max    = MOST_ROWS;
    params.n_threads    = 1;
    params.n_threads_batch = 1;
    const std::unique_ptr<llama_context, void (*)(llama_context *)> context(llama_init_from_model(model, params), llama_free);
    check(context != nullptr, "no context");
    const auto vocabulary = llama_vocab_n_tokens(llama_model_get_vocab(model));
    auto batch            = llama_batch_init(rows, 0, 1);
    for (int row = 0; row < rows; row++) {
        batch.token[row]     = 1000 + 37 * row;
        batch.pos[row]       = 0;
        batch.n_seq_id[row]  = 1;
        batch.seq_id[row][0] = row;
        batch.logits[row]    = 1;
    }
    batch.n_tokens    = rows;
    const auto result = llama_decode(context.get(), batch);
    llama_batch_free(batch);
    check(result == 0, "the batch was not decoded");
    const float * logits = llama_get_logits(context.get());
    return std::vector<float>(logits, logits + static_cast<size_t>(rows) * vocabulary);
}

// Rounding grows from layer to layer, since what goes into each is rounded to eight bits.
void compare_logits(const char * path) {
    auto params = llama_model_default_params();
    const std::unique_ptr<llama_model, void (*)(llama_model *)> model(llama_model_load_from_file(path, params),
                                                                      llama_model_free);
    check(model != nullptr, std::string("cannot load ") + path);
    std::vector<std::vector<float>> kept;
    const auto before = puna::products_kept();
    for (const int rows : LOGITS_OF) {
        kept.push_back(logits_of(model.get(), rows));
    }
    const auto count = puna::products_kept() - before;
    keep_none();
    double most = 0;
    for (size_t i = 0; i < kept.size(); i++) {
        most = std::max(most, distance(kept[i], logits_of(model.get(), LOGITS_OF[i])));
    }
    check(puna::products_kept() - before == count, "sgemm does not get its products back");
    std::printf("      logits of 1 to %d rows apart by at most %.1e, %llu products kept\n", static_cast<int>(MOST_ROWS),
                most, static_cast<unsigned long long>(count));
    check(most < 0.02, "logits are apart by " + std::to_string(most));
}

int run_on(const std::string & plugin, bool expected) {
    if (score_of(plugin) == 0) {
        return SKIPPED;
    }
    auto * const registered = ggml_backend_load(plugin.c_str());
    check(registered != nullptr, "not loaded");
    Processor processor(registered);
    std::vector<Result> before[2], after[2];
    for (int threads = 1; threads <= 2; threads++) {
        processor.use_threads(threads);
        before[threads - 1] = all_products(processor);
    }
    check(puna::keep_small_batches(plugin) == expected, expected ? "not hooked" : "hooked");
    for (int threads = 1; threads <= 2; threads++) {
        processor.use_threads(threads);
        compare(before[threads - 1], all_products(processor), expected);
        if (expected) {
            check_rows_alone(processor);
        }
    }
    if (const char * path = std::getenv("PUNA_TEST_GGUF")) {
        compare_logits(path);
    }
    return 0;
}

// The same plugin with another name for sgemm, in which two letters stand for two that give the same hash, so that the linker
// finds it where the old one was.
void write_without_symbol(const fs::path & from, const fs::path & to) {
    std::ifstream input(from, std::ios::binary);
    std::string bytes((std::istreambuf_iterator<char>(input)), std::istreambuf_iterator<char>());
    const std::string name("\0llamafile_sgemm\0", 17);
    const auto at = bytes.find(name);
    check(at != std::string::npos && bytes.find(name, at + 1) == std::string::npos, "not one name of sgemm in it");
    bytes[at + name.find("le_")]     = 'l' + 1;
    bytes[at + name.find("le_") + 1] = 'e' - 33;
    std::ofstream(to, std::ios::binary) << bytes;
}

int run_on_all(const fs::path & folder) {
    bool all   = true;
    int hooked = 0;
    char scratch[] = "/tmp/puna-shim-batches-XXXXXX";
    check(mkdtemp(scratch) != nullptr, "no folder for temporary files");
    for (const auto & plugin : plugins_of(folder)) {
        const auto status = in_process(plugin, HOOKED);
        all               = told(plugin.filename(), status) && all;
        hooked += status == 0;
        if (status == 0 && hooked == 1) {
            const auto copy = fs::path(scratch) / plugin.filename();
            write_without_symbol(plugin, copy);
            all = told(plugin.filename().string() + " without the symbol", in_process(copy, AS_IS)) && all;
        }
    }
    fs::remove_all(scratch);
    check(hooked > 0, "no plugin runs here");
    return all ? 0 : 1;
}

}  // namespace

int main(int argc, char ** argv) {
    try {
        if (argc == 3) {
            llama_log_set([](ggml_log_level, const char *, void *) {}, nullptr);
            return run_on(argv[1], std::strcmp(argv[2], HOOKED) == 0);
        }
        check(argc == 2, "usage: shim-batches-test LIBRARY_FOLDER");
        return run_on_all(argv[1]);
    } catch (const std::exception & exception) {
        std::printf("FAIL  %s\n", exception.what());
        return 1;
    }
}
