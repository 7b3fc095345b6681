// SPDX-License-Identifier: Apache-2.0
//
// What a child may no longer do once it is locked up: Landlock, capabilities and a filter of system calls. Linux only; elsewhere nothing
// is ever in force. Each step stands by itself: what the system does not have is left out, and the result says so.

#ifndef PUNA_LOCK_H
#define PUNA_LOCK_H

#include <stddef.h>
#include <stdint.h>

#define PUNA_LOCK_API __attribute__((visibility("default")))

// What is wanted, and what is in force.
enum {
    PUNA_LOCK_NO_NEW_PRIVILEGES = 1 << 0,
    PUNA_LOCK_NO_CAPABILITIES = 1 << 1,
    PUNA_LOCK_FILES = 1 << 2,           // Landlock: only the files that were named
    PUNA_LOCK_TRUNCATION = 1 << 3,      // its third ABI: O_TRUNC, too
    PUNA_LOCK_TCP = 1 << 4,             // its fourth
    PUNA_LOCK_DEVICE_COMMANDS = 1 << 5, // its fifth: ioctl(2) on devices that were not named
    PUNA_LOCK_OTHER_PROCESSES = 1 << 6, // its sixth: signals and abstract sockets
    PUNA_LOCK_SYSTEM_CALLS = 1 << 7,    // the filter: no sockets, no processes, no signals to others
};

struct puna_lock;

// Paths end with NULL; those that do not exist are left out. A folder stands for all below it.
struct puna_lock_rules {
    const char * const * runnable; // programs; also readable, as is the dynamic linker that each names
    const char * const * readable; // of folders in /dev only the names
    const char * const * usable; // device nodes: read, written and asked by ioctl(2)
    const char * const * writable; // files; in folders also made and removed
};

// Looks at the paths. NULL and a sentence in `error` if that fails; free the result with puna_lock_free. Any thread.
PUNA_LOCK_API struct puna_lock * puna_lock_prepare(
    const struct puna_lock_rules * rules, uint32_t wanted, char * error, size_t error_size);
PUNA_LOCK_API void puna_lock_free(struct puna_lock * lock);

// Locks the calling thread for good, and gives the bits of what is in force. For a child that has only this thread, last
// before execve(2): async-signal-safe, and leaves memory as it is, so the child may share it with its parent. Of execve(2) the filter
// lets through these three pointers and no others: who comes after does not know them, and has other things there.
PUNA_LOCK_API uint32_t puna_lock_apply_before(
    const struct puna_lock * lock, const char * program, char * const * arguments, char * const * environment);

// The version of Landlock's ABI, at least 1, or a negative errno: -ENOSYS if the kernel lacks it, -EOPNOTSUPP if it is off.
PUNA_LOCK_API int32_t puna_lock_landlock(void);
// Whether system calls can be filtered: 0 or a negative errno.
PUNA_LOCK_API int32_t puna_lock_filter(void);

#endif
