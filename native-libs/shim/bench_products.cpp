// SPDX-License-Identifier: Apache-2.0
// What a product of a few rows costs by sgemm and row after row, in one run, for each type of weights:
//   shim-products-bench PLUGIN.so [THREADS [OUTPUTS WIDTH]]
// Processor time of all threads in microseconds a row, the least of many; by sgemm, row by row, and the ratio.
#include "products.h"
#include "small_batch.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>

namespace {

constexpr int ROUNDS     = 40;
constexpr int64_t ALWAYS = 2;
constexpr int64_t NEVER  = 1 << 20;
constexpr int64_t ROWS[] = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 16, 24 };

double processor_time() {
    timespec now{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return now.tv_sec * 1e6 + now.tv_nsec / 1e3;
}

double once(Product & product, ggml_type type, int64_t sgemm_from) {
    puna::set_sgemm_rows(type, sgemm_from);
    const double start = processor_time();
    product.compute();
    return processor_time() - start;
}

void time(const Processor & processor, ggml_type type, int64_t outputs, int64_t width) {
    std::printf("%-7s", ggml_type_name(type));
    for (const auto rows : ROWS) {
        Product product(processor, type, outputs, width, rows);
        product.set_rows(noise(width * rows, 2));
        double by_sgemm = once(product, type, ALWAYS), by_row = once(product, type, NEVER);
        for (int round = 0; round < ROUNDS; round++) {
            by_sgemm = std::min(by_sgemm, once(product, type, ALWAYS));
            by_row   = std::min(by_row, once(product, type, NEVER));
        }
        std::printf(" %2lld: %.0f %.0f %.2f |", static_cast<long long>(rows), by_sgemm / rows, by_row / rows,
                    by_sgemm / by_row);
        std::fflush(stdout);
    }
    std::printf("\n");
}

}  // namespace

int main(int argc, char ** argv) {
    if (argc < 2) {
        std::fprintf(stderr, "usage: shim-products-bench PLUGIN.so [THREADS [OUTPUTS WIDTH]]\n");
        return 2;
    }
    const std::string plugin = argv[1];
    if (score_of(plugin) == 0) {
        std::printf("%s does not run here\n", argv[1]);
        return 0;
    }
    Processor processor(ggml_backend_load(plugin.c_str()));
    processor.use_threads(argc > 2 ? std::atoi(argv[2]) : 1);
    if (!puna::keep_small_batches(plugin)) {
        std::printf("nothing can be kept away from the sgemm of %s\n", argv[1]);
        return 0;
    }
    const int64_t outputs = argc > 4 ? std::atoll(argv[3]) : 4096;
    const int64_t width   = argc > 4 ? std::atoll(argv[4]) : 1024;
    std::printf("rows: by sgemm, row by row, ratio; %s, %lld times %lld\n", argv[1], static_cast<long long>(outputs),
                static_cast<long long>(width));
    for (const auto type : { GGML_TYPE_Q8_0, GGML_TYPE_Q5_0, GGML_TYPE_Q4_0, GGML_TYPE_IQ4_NL, GGML_TYPE_F16,
                             GGML_TYPE_BF16, GGML_TYPE_F32, GGML_TYPE_Q4_1 }) {
        time(processor, type, outputs, width);
    }
    return 0;
}
