// SPDX-License-Identifier: Apache-2.0
// One log sink for llama, ggml and llama-common: whole lines to standard error from a level on, and the warnings and
// errors of a thread kept for whoever has to say why a call failed.
#include "support.h"

#include "log.h"

#include <atomic>
#include <cstdio>
#include <vector>

namespace {

// Keeps a thread that never asks from growing without end; the last lines say most.
constexpr size_t MAX_KEPT_LINES = 64;

std::atomic<int32_t> stderr_threshold{GGML_LOG_LEVEL_WARN};

struct Line {
    ggml_log_level level;
    std::string text;
};

struct ThreadLog {
    std::vector<Line> kept;
    std::string partial;
    ggml_log_level partial_level = GGML_LOG_LEVEL_INFO;
};

thread_local puna::LogListener * listener = nullptr;
thread_local bool hushed                  = false;

ThreadLog & this_thread() {
    thread_local ThreadLog log;
    return log;
}

std::string trimmed(const std::string & text) {
    const char * blank = " \t\r\n";
    const auto first   = text.find_first_not_of(blank);
    return first == std::string::npos ? "" : text.substr(first, text.find_last_not_of(blank) - first + 1);
}

void finish_line(ThreadLog & log) {
    const auto text = trimmed(log.partial);
    log.partial.clear();
    if (text.empty()) {
        return;
    }
    if (!hushed && log.partial_level >= stderr_threshold.load(std::memory_order_relaxed)) {
        std::fprintf(stderr, "%s\n", text.c_str());
    }
    if (log.partial_level >= GGML_LOG_LEVEL_WARN) {
        if (log.kept.size() == MAX_KEPT_LINES) {
            log.kept.erase(log.kept.begin());
        }
        log.kept.push_back({log.partial_level, text});
    }
}

// Messages are pieces: several lines in one, or one line in several, of which all but the first are at level CONT.
void receive(ggml_log_level level, const char * message, void *) {
    try {
        auto & log = this_thread();
        if (level != GGML_LOG_LEVEL_CONT) {
            finish_line(log);
            log.partial_level = level == GGML_LOG_LEVEL_NONE ? GGML_LOG_LEVEL_INFO : level;
        }
        for (auto * text = message; *text; ++text) {
            if (*text == '\n') {
                finish_line(log);
            } else {
                log.partial += *text;
            }
        }
    } catch (...) {
        // Only memory can run out here, and a lost log line must not take the model with it.
    }
    if (listener) {
        listener->hear(message);
    }
}

// llama-common has no callback, only a threshold on what its own thread prints.
int common_verbosity(int32_t stderr_level) {
    switch (stderr_level) {
        case GGML_LOG_LEVEL_DEBUG: return LOG_LEVEL_DEBUG;
        case GGML_LOG_LEVEL_INFO: return LOG_LEVEL_INFO;
        case GGML_LOG_LEVEL_WARN: return LOG_LEVEL_WARN;
        case GGML_LOG_LEVEL_ERROR: return LOG_LEVEL_ERROR;
        default: return stderr_level <= GGML_LOG_LEVEL_NONE ? LOG_LEVEL_DEBUG : -1;
    }
}

std::string joined(const std::vector<Line> & lines, ggml_log_level from, const char * separator) {
    std::string all;
    for (const auto & line : lines) {
        if (line.level >= from) {
            all += (all.empty() ? "" : separator) + line.text;
        }
    }
    return all;
}

}  // namespace

namespace puna {

Hush::Hush() {
    hushed = true;
}

Hush::~Hush() {
    finish_line(this_thread());
    hushed = false;
}

void forget_log() {
    auto & log = this_thread();
    log.kept.clear();
    log.partial.clear();
}

void listen(LogListener * new_listener) {
    listener = new_listener;
}

std::string logged_errors(const char * otherwise) {
    auto & log = this_thread();
    finish_line(log);
    auto errors = joined(log.kept, GGML_LOG_LEVEL_ERROR, "; ");
    if (errors.empty()) {
        errors = joined(log.kept, GGML_LOG_LEVEL_WARN, "; ");
    }
    log.kept.clear();
    return errors.empty() ? otherwise : errors;
}

}  // namespace puna

void puna_log_install(int32_t stderr_level) {
    stderr_threshold.store(stderr_level, std::memory_order_relaxed);
    common_log_set_verbosity_thold(common_verbosity(stderr_level));
    llama_log_set(receive, nullptr);
}

char * puna_log_take(void) {
    return puna::guarded<char *>(nullptr, nullptr, [] {
        auto & log = this_thread();
        finish_line(log);
        const auto all = joined(log.kept, GGML_LOG_LEVEL_WARN, "\n");
        log.kept.clear();
        return all.empty() ? nullptr : puna::to_c_string(all);
    });
}
