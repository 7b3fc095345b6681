// SPDX-License-Identifier: Apache-2.0
// The filter of system calls (seccomp(2)).
#ifndef PUNA_LOCK_FILTER_H
#define PUNA_LOCK_FILTER_H

#include <stdbool.h>

// What a filter depends on.
struct puna_filter {
    bool has_devices; // ioctl(2) is let through, and files may be opened for writing
    bool may_write;   // files and folders may be made, files renamed and removed
    const char * program; // the only call of execve(2)
    char * const * arguments;
    char * const * environment;
};

// For the calling thread, made for its process's number. Async-signal-safe. Whether it is in force.
bool puna_filter_apply(const struct puna_filter * filter);

#endif
