// SPDX-License-Identifier: Apache-2.0
// What every file of the shim needs.
#pragma once

#include "guarded.h"
#include "puna_shim.h"

#include <stdexcept>
#include <string>

namespace puna {

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
