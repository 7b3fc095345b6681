// SPDX-License-Identifier: Apache-2.0
// What every file of the shim needs: strings that cross to C, and the wall that no exception passes.
#pragma once

#include "puna_shim.h"

#include <exception>
#include <stdexcept>
#include <string>

namespace puna {

// A malloc'ed copy for the caller of the C interface.
char * to_c_string(const std::string & text);

// Stores a message for the caller, when one asked for it.
void set_error(char ** error, const std::string & message) noexcept;

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

// Log lines of the calling thread (log.cpp): forget them, and what llama.cpp said was wrong since then, or `otherwise`.
void forget_log();
std::string logged_errors(const char * otherwise);

// While it lives, nothing that the calling thread logs goes to standard error.
class Hush {
public:
    Hush();
    ~Hush();
    Hush(const Hush &)             = delete;
    Hush & operator=(const Hush &) = delete;
};

// Hears what the calling thread logs, message by message as llama.cpp cuts them.
class LogListener {
public:
    virtual ~LogListener() = default;
    // What it throws passes through the function that logs.
    virtual void hear(const char * message) = 0;
};
// The listener of the calling thread from now on, or none.
void listen(LogListener * listener);

}  // namespace puna
