// SPDX-License-Identifier: Apache-2.0
// For tests of what is changed in CPU plugins: every plugin of a folder, each in a process of its own, since a process has one.
#pragma once

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

constexpr int SKIPPED = 77;

inline void check(bool holds, const std::string & what) {
    if (!holds) {
        throw std::runtime_error(what);
    }
}

// How far two results are apart, of how large they are.
inline double distance(const std::vector<float> & left, const std::vector<float> & right) {
    double apart = 0, size = 0;
    for (size_t i = 0; i < left.size(); i++) {
        apart += std::pow(double(left[i]) - right[i], 2);
        size += std::pow(double(right[i]), 2);
    }
    return size > 0 ? std::sqrt(apart / size) : std::sqrt(apart);
}

// This program again, with a plugin and how it is to be looked at; answers its status.
inline int in_process(const std::string & plugin, const char * how) {
    std::fflush(stdout);
    const pid_t child = fork();
    if (child == 0) {
        execl("/proc/self/exe", "shim-test", plugin.c_str(), how, nullptr);
        _exit(127);
    }
    int status = 0;
    check(child > 0 && waitpid(child, &status, 0) == child, "no process");
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

// Prints how it went; answers whether nothing was wrong.
inline bool told(const std::string & name, int status) {
    std::printf("%s %s\n", status == 0 ? "ok   " : status == SKIPPED ? "skip " : "FAIL ", name.c_str());
    return status == 0 || status == SKIPPED;
}

inline std::vector<std::filesystem::path> plugins_of(const std::filesystem::path & folder) {
    std::vector<std::filesystem::path> plugins;
    for (const auto & entry : std::filesystem::directory_iterator(folder)) {
        const auto name = entry.path().filename().string();
        if (name.rfind("libggml-cpu", 0) == 0 && entry.path().extension() == ".so") {
            plugins.push_back(entry.path());
        }
    }
    std::sort(plugins.begin(), plugins.end());
    return plugins;
}
