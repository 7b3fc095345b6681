// SPDX-License-Identifier: Apache-2.0
// What ggml asserts becomes an exception where that can be survived. ggml's C files have unwind tables on every platform we
// build for, so that an exception passes through them.
#include "guarded.h"

#include "ggml.h"

#include <dlfcn.h>
#include <execinfo.h>

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <mutex>

namespace {

thread_local int watching = 0;
thread_local int alone_too = 0;

// Where the graph is computed the other threads of the pool wait at a barrier for the one that would leave.
bool computes(const void * address) {
    Dl_info info{};
    if (!dladdr(address, &info)) {
        return false;
    }
    const char * file = info.dli_fname ? std::strrchr(info.dli_fname, '/') : nullptr;
    if (file && std::strncmp(file, "/libggml-", 9) == 0 && std::strncmp(file, "/libggml-base", 13) != 0) {
        return true;
    }
    return info.dli_sname && std::strstr(info.dli_sname, "graph_compute");
}

bool is_computing() {
    constexpr int MOST = 128;
    void * frames[MOST];
    return std::any_of(frames, frames + backtrace(frames, MOST), computes);
}

// "/somewhere/src/llama-model.cpp:12: GGML_ASSERT(n > 0) failed" without the folders of the machine that compiled it.
const char * without_folders(const char * message) {
    const char * end = std::strchr(message, ':');
    const char * name = message;
    for (const char * at = message; end && at < end; at++) {
        if (*at == '/') {
            name = at + 1;
        }
    }
    return name;
}

// ggml ends the process when this returns.
void on_abort(const char * message) {
    if (watching > 0 && (alone_too > 0 || !is_computing())) {
        throw std::runtime_error(std::string("the model contradicts itself: ") + without_folders(message));
    }
    std::fprintf(stderr, "%s\n", message);
}

}  // namespace

void puna_assertions_watch(int change, bool alone) {
    static std::once_flag once;
    std::call_once(once, [] { ggml_set_abort_callback(on_abort); });
    watching += change;
    alone_too += alone ? change : 0;
}
