// SPDX-License-Identifier: Apache-2.0
/*
 * A disk that fails: preloaded into a program, it counts the calls that change files below one folder, and from the
 * one on that it was told of fails them. What it does is set by fault_arm, which a test finds in this library.
 *
 * Files are known by their paths, descriptors by /proc/self/fd. One thread arms it, any may change files.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

enum { ALL = 0, GROWING = 1 };

static char root[4096];
static atomic_int armed, count;
static int from, until, error, which, halves;

/*
 * Fails the calls of number first to last (from 1) with an error.
 * only: 1 for those that need room, which deleting and renaming do not.
 * half: whether the first, if it writes, writes half before.
 */
void fault_arm(const char *folder, int first, int last, int number, int only, int half) {
    atomic_store(&armed, 0);
    snprintf(root, sizeof root, "%s", folder);
    from = first;
    until = last;
    error = number;
    which = only;
    halves = half;
    atomic_store(&count, 0);
    atomic_store(&armed, 1);
}

/* Fails nothing any more; how many calls there were. */
int fault_disarm(void) {
    atomic_store(&armed, 0);
    return atomic_load(&count);
}

static int below(int folder, const char *path) {
    char resolved[4096];
    if (path == NULL || path[0] != '/') {
        if (folder == AT_FDCWD) {
            return 0;
        }
        char link[64];
        snprintf(link, sizeof link, "/proc/self/fd/%d", folder);
        ssize_t length = readlink(link, resolved, sizeof resolved - 1);
        if (length < 0) {
            return 0;
        }
        resolved[length] = 0;
        path = resolved;
    }
    return strncmp(path, root, strlen(root)) == 0;
}

/* 0 if the call is to be made; 1 if it fails, 2 if half of it is to be done before. */
static int fails(int folder, const char *path, int grows) {
    if (!atomic_load(&armed) || !below(folder, path) || (which == GROWING && !grows)) {
        return 0;
    }
    int number = atomic_fetch_add(&count, 1) + 1;
    if (number < from || number > until) {
        return 0;
    }
    errno = error;
    return number == from && halves ? 2 : 1;
}

#define REAL(type, name, ...) \
    static type (*real)(__VA_ARGS__); \
    if (real == NULL) { \
        real = (type (*)(__VA_ARGS__)) dlsym(RTLD_NEXT, name); \
    }

#define FAIL(folder, path, grows) \
    if (fails(folder, path, grows)) { \
        return -1; \
    }

/* Half of a write may have been done before it failed. */
static ssize_t failed(ssize_t half) {
    (void) half;
    errno = error;
    return -1;
}

ssize_t write(int fd, const void *bytes, size_t length) {
    REAL(ssize_t, "write", int, const void *, size_t)
    int how = fails(fd, NULL, 1);
    if (how) {
        return failed(how == 2 ? real(fd, bytes, length / 2) : 0);
    }
    return real(fd, bytes, length);
}

#define PWRITE(name) \
    ssize_t name(int fd, const void *bytes, size_t length, off64_t at) { \
        REAL(ssize_t, #name, int, const void *, size_t, off64_t) \
        int how = fails(fd, NULL, 1); \
        if (how) { \
            return failed(how == 2 ? real(fd, bytes, length / 2, at) : 0); \
        } \
        return real(fd, bytes, length, at); \
    }
PWRITE(pwrite)
PWRITE(pwrite64)

ssize_t writev(int fd, const struct iovec *parts, int some) {
    REAL(ssize_t, "writev", int, const struct iovec *, int)
    FAIL(fd, NULL, 1)
    return real(fd, parts, some);
}

ssize_t copy_file_range(int in, off64_t *from_at, int out, off64_t *to_at, size_t length, unsigned int flags) {
    REAL(ssize_t, "copy_file_range", int, off64_t *, int, off64_t *, size_t, unsigned int)
    FAIL(out, NULL, 1)
    return real(in, from_at, out, to_at, length, flags);
}

#define ON_FD(name, grows, parameters, arguments, ...) \
    int name parameters { \
        REAL(int, #name, __VA_ARGS__) \
        FAIL(fd, NULL, grows) \
        return real arguments; \
    }
ON_FD(fsync, 1, (int fd), (fd), int)
ON_FD(fdatasync, 1, (int fd), (fd), int)
ON_FD(ftruncate, 1, (int fd, off_t length), (fd, length), int, off_t)
ON_FD(ftruncate64, 1, (int fd, off64_t length), (fd, length), int, off64_t)
ON_FD(fchmod, 0, (int fd, mode_t mode), (fd, mode), int, mode_t)
ON_FD(futimens, 0, (int fd, const struct timespec times[2]), (fd, times), int, const struct timespec *)

#define ON_PATH(name, grows, parameters, arguments, ...) \
    int name parameters { \
        REAL(int, #name, __VA_ARGS__) \
        FAIL(AT_FDCWD, path, grows) \
        return real arguments; \
    }
ON_PATH(unlink, 0, (const char *path), (path), const char *)
ON_PATH(rmdir, 0, (const char *path), (path), const char *)
ON_PATH(remove, 0, (const char *path), (path), const char *)
ON_PATH(mkdir, 1, (const char *path, mode_t mode), (path, mode), const char *, mode_t)
ON_PATH(chmod, 0, (const char *path, mode_t mode), (path, mode), const char *, mode_t)
ON_PATH(rename, 0, (const char *path, const char *to), (path, to), const char *, const char *)

int link(const char *path, const char *to) {
    REAL(int, "link", const char *, const char *)
    FAIL(AT_FDCWD, to, 1)
    return real(path, to);
}

int symlink(const char *path, const char *to) {
    REAL(int, "symlink", const char *, const char *)
    FAIL(AT_FDCWD, to, 1)
    return real(path, to);
}

int unlinkat(int folder, const char *path, int flags) {
    REAL(int, "unlinkat", int, const char *, int)
    FAIL(folder, path, 0)
    return real(folder, path, flags);
}

int renameat(int folder, const char *path, int into, const char *to) {
    REAL(int, "renameat", int, const char *, int, const char *)
    FAIL(folder, path, 0)
    return real(folder, path, into, to);
}

int utimensat(int folder, const char *path, const struct timespec times[2], int flags) {
    REAL(int, "utimensat", int, const char *, const struct timespec *, int)
    FAIL(folder, path, 0)
    return real(folder, path, times, flags);
}

#define OPEN(name) \
    int name(const char *path, int flags, ...) { \
        REAL(int, #name, const char *, int, ...) \
        va_list more; \
        va_start(more, flags); \
        mode_t mode = va_arg(more, mode_t); \
        va_end(more); \
        if ((flags & (O_CREAT | O_TRUNC)) && fails(AT_FDCWD, path, 1)) { \
            return -1; \
        } \
        return real(path, flags, mode); \
    }
OPEN(open)
OPEN(open64)

#define OPENAT(name) \
    int name(int folder, const char *path, int flags, ...) { \
        REAL(int, #name, int, const char *, int, ...) \
        va_list more; \
        va_start(more, flags); \
        mode_t mode = va_arg(more, mode_t); \
        va_end(more); \
        if ((flags & (O_CREAT | O_TRUNC)) && fails(folder, path, 1)) { \
            return -1; \
        } \
        return real(folder, path, flags, mode); \
    }
OPENAT(openat)
OPENAT(openat64)
