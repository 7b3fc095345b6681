// SPDX-License-Identifier: Apache-2.0
// Attention of ours beside ggml's, on every CPU plugin of a folder that runs here, each in a process of its own:
//   shim-attention-test LIBRARY_FOLDER
// The processes are called with PLUGIN.so and how it is looked at.
#include "attended.h"
#include "attention.h"
#include "each_plugin.h"

#include <cstring>
#include <functional>

namespace {

constexpr const char * CHECKED = "checked";

using Mask = std::function<float(int64_t row, int64_t cell)>;

std::vector<float> made(const Shape & shape, const Mask & mask) {
    std::vector<float> values(shape.rows * shape.cells);
    for (int64_t row = 0; row < shape.rows; row++) {
        for (int64_t cell = 0; cell < shape.cells; cell++) {
            values[row * shape.cells + cell] = mask(row, cell);
        }
    }
    return values;
}

// Every row sees cells of its own, which lie between those of others.
float apart(const Shape & shape, int64_t row, int64_t cell) {
    return cell % shape.rows == row && cell < shape.cells - 19 ? 0 : -INFINITY;
}

std::string name_of(const Shape & shape) {
    return std::to_string(shape.rows) + " rows, " + std::to_string(shape.heads) + " of " + std::to_string(shape.shared) + " heads of " +
           std::to_string(shape.size) + ", " + std::to_string(shape.cells) + " cells: ";
}

struct Result {
    std::vector<float> values;
    bool taken;
};

Result result_of(const Processor & processor, const Shape & shape, const std::vector<float> & mask, bool ours) {
    Attended attended(processor, shape);
    attended.set_mask(mask);
    puna::use_own_attention(ours);
    const auto before = puna::attentions_taken();
    attended.compute();
    return { attended.result(), puna::attentions_taken() > before };
}

// Ggml rounds queries and sums to half floats, we do not: nearer to what is exact than to ggml.
void check_right(const Processor & processor, const Shape & shape, const Mask & mask) {
    const auto values = made(shape, mask);
    const auto exact  = Attended(processor, shape).exact(values);
    const auto theirs = result_of(processor, shape, values, false);
    check(!theirs.taken && distance(theirs.values, exact) < 1e-2, name_of(shape) + "ggml's own is not right, or was taken");
    for (const bool limited : { false, true }) {
        puna::limit_attention_to_avx2(limited);
        const auto ours = result_of(processor, shape, values, true);
        check(ours.taken, name_of(shape) + "not taken");
        const auto far = distance(ours.values, exact);
        check(far < 2e-6, name_of(shape) + "apart by " + std::to_string(far));
    }
    puna::limit_attention_to_avx2(false);
}

void check_shapes(const Processor & processor) {
    const Shape shapes[] = { { 64, 9, 3, 1, 256 },  { 64, 9, 3, 2, 256 },   { 64, 14, 2, 16, 512 }, { 256, 4, 1, 5, 768 },
                             { 80, 8, 8, 63, 256 }, { 128, 10, 2, 7, 512 }, { 48, 6, 3, 3, 1024 } };
    for (const auto & shape : shapes) {
        check_right(processor, shape, [&](auto row, auto cell) { return apart(shape, row, cell); });
        // What is added to scores, as some masks have it; a row that sees one cell, and one that sees none.
        check_right(processor, shape, [&](auto row, auto cell) {
            return row == 1 ? -INFINITY : row == 2 ? (cell == 37 ? 0 : -INFINITY) : cell % 3 == 0 ? -INFINITY : -0.125f * (cell % 7);
        });
        check_right(processor, shape, [](auto, auto) { return 0.0f; });
    }
}

// What a row is does not depend on those beside it.
void check_rows_alone(const Processor & processor) {
    const Shape together{ 64, 9, 3, 16, 512 };
    auto alone       = together;
    alone.rows       = 1;
    const auto all   = result_of(processor, together, made(together, [&](auto row, auto cell) { return apart(together, row, cell); }), true);
    const auto first = result_of(processor, alone, made(alone, [&](auto, auto cell) { return apart(together, 0, cell); }), true);
    check(first.taken && std::equal(first.values.begin(), first.values.end(), all.values.begin()), "a row is not what it is alone");
}

// Ggml computes these as before.
void check_others(const Processor & processor) {
    std::vector<Shape> shapes(6, Shape{ 64, 8, 2, 4, 256 });
    shapes[0].rows     = 64;
    shapes[1].type     = GGML_TYPE_Q8_0;
    shapes[2].type     = GGML_TYPE_F32;
    shapes[3].max_bias = 8;
    shapes[4].softcap  = 30;
    shapes[5].sinks    = true;
    shapes.push_back({ 40, 8, 2, 4, 256 });
    for (size_t i = 0; i < shapes.size(); i++) {
        const auto & shape = shapes[i];
        const auto mask    = made(shape, [&](auto row, auto cell) { return apart(shape, row, cell); });
        const auto theirs  = result_of(processor, shape, mask, false);
        const auto ours    = result_of(processor, shape, mask, true);
        check(!ours.taken && ours.values == theirs.values, "other " + std::to_string(i) + " was taken, or is another");
    }
}

// Too few heads for the threads: ggml shares out better.
void check_threads(Processor & processor) {
    const Shape shape{ 64, 4, 1, 1, 512 };
    const auto mask = made(shape, [](auto, auto) { return 0.0f; });
    processor.use_threads(4);
    const auto few = result_of(processor, shape, mask, true);
    processor.use_threads(2);
    const auto enough = result_of(processor, shape, mask, true);
    check(!few.taken && enough.taken && distance(few.values, enough.values) < 1e-2, "one head on several threads");
}

int run_on(const std::string & plugin) {
    if (score_of(plugin) == 0) {
        return SKIPPED;
    }
    auto * const registered = ggml_backend_load(plugin.c_str());
    check(registered != nullptr, "not loaded");
    Processor processor(registered);
    check(!puna::take_attention("/nowhere/libggml-cpu-none.so"), "taken from a plugin that is not loaded");
    if (!puna::take_attention(plugin)) {
        return SKIPPED;
    }
    for (int threads = 1; threads <= 3; threads++) {
        processor.use_threads(threads);
        if (threads < 3) {
            check_shapes(processor);
        }
        check_rows_alone(processor);
        check_others(processor);
    }
    check_threads(processor);
    return 0;
}

int run_on_all(const std::filesystem::path & folder) {
    bool all = true;
    int ran  = 0;
    for (const auto & plugin : plugins_of(folder)) {
        const int status = in_process(plugin, CHECKED);
        all              = told(plugin.filename(), status) && all;
        ran += status == 0;
    }
    check(all, "see above");
    return ran > 0 ? 0 : SKIPPED;
}

}  // namespace

int main(int argc, char ** argv) {
    try {
        ggml_log_set([](ggml_log_level, const char *, void *) {}, nullptr);
        if (argc == 3 && std::strcmp(argv[2], CHECKED) == 0) {
            return run_on(argv[1]);
        }
        check(argc == 2, "usage: shim-attention-test LIBRARY_FOLDER");
        return run_on_all(argv[1]);
    } catch (const std::exception & exception) {
        std::printf("FAIL  %s\n", exception.what());
        return 1;
    }
}
