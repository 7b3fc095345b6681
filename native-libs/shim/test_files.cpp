// SPDX-License-Identifier: Apache-2.0
// Files that may be anything, each in a process of its own: loaded, asked for a few tokens, and its chat template run.
// Used with PUNA_SANITIZE: shim-files-test LIBRARY_FOLDER FILE...  It fails if a sanitizer stops one in code that was made with it.
#include "test.h"

#include <cstdio>
#include <cstdlib>
#include <sys/wait.h>
#include <unistd.h>

namespace {

constexpr int REFUSED   = 1;
constexpr int SANITIZER = 66;
constexpr int SECONDS   = 20;

void run(const char * path) {
    puna_load load{};
    auto params       = llama_model_default_params();
    params.n_gpu_layers = 0;
    model = must([&](char ** error) { return puna_model_load(&path, 1, params, nullptr, nullptr, 0, &load, error); });
    vocab = llama_model_get_vocab(model);
    taken(puna_model_metadata(model));
    puna_marked_tokens(vocab, 0, nullptr, 0);
    const auto sampler = new_sampler("{\"seed\":1,\"repeat_penalty\":1.1,\"top_k\":5}");
    generate("hello world", sampler.get(), 4, 3);
    char * error = nullptr;
    puna_chat_free(puna_chat_init(model, nullptr, &error));
    taken(error);
    llama_model_free(model);
}

int in_a_process_of_its_own(const char * path) {
    const pid_t child = fork();
    if (child == 0) {
        alarm(SECONDS);
        try {
            run(path);
            std::exit(0);
        } catch (const std::exception &) {
            std::exit(REFUSED);
        }
    }
    int status = 0;
    waitpid(child, &status, 0);
    return status;
}

}  // namespace

int main(int argc, char ** argv) {
    if (argc < 3) {
        std::fprintf(stderr, "usage: shim-files-test LIBRARY_FOLDER FILE...\n");
        return 2;
    }
    // Where only the shim is made with sanitizers, what they say names its code or that of a library without them.
    setenv("GGML_NO_BACKTRACE", "1", 1);
    puna_log_install(GGML_LOG_LEVEL_NONE);
    puna_backends_load(argv[1], "", 1);
    int ran = 0, refused = 0, ended = 0, wrong = 0;
    for (int i = 2; i < argc; i++) {
        const int status = in_a_process_of_its_own(argv[i]);
        if (WIFSIGNALED(status)) {
            ended++;
            std::printf("ended by signal %d: %s\n", WTERMSIG(status), argv[i]);
        } else if (WEXITSTATUS(status) == SANITIZER) {
            wrong++;
            std::printf("WRONG %s\n", argv[i]);
        } else {
            (WEXITSTATUS(status) == 0 ? ran : refused)++;
        }
    }
    std::printf("%d ran, %d refused, %d ended by a signal, %d stopped by a sanitizer\n", ran, refused, ended, wrong);
    return wrong == 0 ? 0 : 1;
}
