// SPDX-License-Identifier: Apache-2.0
// What attention costs by ggml and by us, in one run, where each row is of a sequence of its own and all share one cache:
//   shim-attention-bench PLUGIN.so [CELLS_EACH [THREADS]]
// Processor time of all threads in microseconds a row, the least of many; ggml's, ours, and the ratio.
#include "attended.h"
#include "attention.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>

namespace {

constexpr int ROUNDS = 60;

double processor_time() {
    timespec now{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return now.tv_sec * 1e6 + now.tv_nsec / 1e3;
}

double once(Attended & attended, bool ours) {
    puna::use_own_attention(ours);
    const double start = processor_time();
    attended.compute();
    return processor_time() - start;
}

void time(const Processor & processor, const char * name, Shape shape, int64_t each) {
    std::printf("%-22s", name);
    for (const int64_t rows : { 1, 2, 4, 8, 16, 32 }) {
        shape.rows  = rows;
        shape.cells = (rows * each + 255) / 256 * 256;
        Attended attended(processor, shape);
        std::vector<float> mask(shape.cells * rows, -INFINITY);
        for (int64_t cell = 0; cell < rows * each; cell++) {
            mask[cell % rows * shape.cells + cell] = 0;
        }
        attended.set_mask(mask);
        double theirs = once(attended, false), ours = once(attended, true);
        for (int round = 0; round < ROUNDS; round++) {
            theirs = std::min(theirs, once(attended, false));
            ours   = std::min(ours, once(attended, true));
        }
        std::printf(" %2lld: %.1f %.1f %.2f |", static_cast<long long>(rows), theirs / rows, ours / rows, ours / theirs);
        std::fflush(stdout);
    }
    std::printf("\n");
}

}  // namespace

int main(int argc, char ** argv) {
    if (argc < 2) {
        std::fprintf(stderr, "usage: shim-attention-bench PLUGIN.so [CELLS_EACH [THREADS]]\n");
        return 2;
    }
    if (score_of(argv[1]) == 0) {
        std::printf("%s does not run here\n", argv[1]);
        return 0;
    }
    Processor processor(ggml_backend_load(argv[1]));
    const int64_t each = argc > 2 ? std::atoll(argv[2]) : 64;
    processor.use_threads(argc > 3 ? std::atoi(argv[3]) : 1);
    if (!puna::take_attention(argv[1])) {
        std::printf("attention of %s cannot be taken\n", argv[1]);
        return 0;
    }
    std::printf("rows: ggml, ours, ratio; %s, %lld cells a row\n", argv[1], static_cast<long long>(each));
    time(processor, "SmolLM2 (64, 9 of 3)", { 64, 9, 3, 1, 256 }, each);
    time(processor, "Qwen 0.5B (64, 14 of 2)", { 64, 14, 2, 1, 256 }, each);
    time(processor, "Gemma 270M (256, 4 of 1)", { 256, 4, 1, 1, 256 }, each);
    time(processor, "Llama 8B (128, 32 of 8)", { 128, 32, 8, 1, 256 }, each);
    return 0;
}
