// SPDX-License-Identifier: Apache-2.0
// The wall that no exception passes on its way to C, and the strings that cross it. For this library and for media/.
#pragma once

#include <cstdlib>
#include <cstring>
#include <exception>
#include <new>
#include <stdexcept>
#include <string>

// Counts the watchers of the calling thread up or down; for puna::Assertions.
extern "C" __attribute__((visibility("default"))) void puna_assertions_watch(int change, bool alone);

namespace puna {

// A malloc'ed copy for the caller of the C interface.
inline char * to_c_string(const std::string & text) {
    auto * copy = static_cast<char *>(std::malloc(text.size() + 1));
    if (!copy) {
        throw std::bad_alloc();
    }
    std::memcpy(copy, text.c_str(), text.size() + 1);
    return copy;
}

// Stores a message for the caller, when one asked for it.
inline void set_error(char ** error, const std::string & message) noexcept {
    if (!error) {
        return;
    }
    try {
        *error = to_c_string(message);
    } catch (...) {
        *error = nullptr;
    }
}

// Runs the body of a C function; an exception becomes its message in `error` and `failure` as the result.
template <typename Result, typename Body>
Result guarded(char ** error, Result failure, Body && body) noexcept {
    if (error) {
        *error = nullptr;
    }
    try {
        return body();
    } catch (const std::exception & exception) {
        set_error(error, exception.what());
    } catch (...) {
        set_error(error, "an unknown C++ exception");
    }
    return failure;
}

// While one lives, what ggml asserts on this thread is thrown instead of ending the process: files of models are foreign, and
// llama.cpp checks much of what they say only by asserting. What it was about to do is left undone. While a graph is computed
// that is so only for a thread that computes `alone`: others would wait for this one for ever.
class Assertions {
public:
    explicit Assertions(bool alone = false) : alone(alone) { puna_assertions_watch(1, alone); }
    ~Assertions() { puna_assertions_watch(-1, alone); }
    Assertions(const Assertions &)             = delete;
    Assertions & operator=(const Assertions &) = delete;

private:
    const bool alone;
};

}  // namespace puna
