// SPDX-License-Identifier: Apache-2.0
// The shim through its C interface, on a real chat model: PUNA_TEST_GGUF=model.gguf shim-test LIBRARY_FOLDER
#include "test.h"

#include <cstdio>
#include <cstdlib>

namespace {

constexpr int SKIPPED = 77;

bool passes(const char * name, const std::function<void()> & test) {
    try {
        test();
        std::printf("ok    %s\n", name);
        return true;
    } catch (const std::exception & exception) {
        std::printf("FAIL  %s: %s\n", name, exception.what());
        return false;
    }
}

}  // namespace

int main(int argc, char ** argv) {
    const char * path = std::getenv("PUNA_TEST_GGUF");
    if (argc != 2 || !path) {
        std::fprintf(stderr, "skipped: needs a library folder and a chat model's path in PUNA_TEST_GGUF\n");
        return SKIPPED;
    }
    puna_log_install(GGML_LOG_LEVEL_CONT);
    puna_backends_load(argv[1], "", 1);
    puna_load load{};
    model = must([&](char ** error) {
        return puna_model_load(&path, 1, llama_model_default_params(), nullptr, nullptr, 0, &load, error);
    });
    vocab = llama_model_get_vocab(model);

    Tests tests;
    add_model_tests(tests, path);
    add_sampling_tests(tests);
    add_forced_tests(tests);
    add_chat_tests(tests);
    add_guess_tests(tests);
    int failed = 0;
    for (const auto & [name, test] : tests) {
        failed += passes(name, test) ? 0 : 1;
    }
    llama_model_free(model);
    std::printf("%zu passed, %d failed\n", tests.size() - failed, failed);
    return failed == 0 ? 0 : 1;
}
