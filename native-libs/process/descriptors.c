// SPDX-License-Identifier: Apache-2.0
// Sockets, bells and turns.
#define _GNU_SOURCE
#include "puna_process.h"

#include <errno.h>
#include <string.h>

uint32_t puna_process_abi(void) {
    static const char version[] __attribute__((used)) = "puna-process abi=1 ";
    _Static_assert(PUNA_PROCESS_ABI == 1, "native-libs/lib/publish.sh looks for the text above");
    return PUNA_PROCESS_ABI;
}

#ifdef __linux__

#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    // As much as the system lets it have (net.core.wmem_max), so that a step's events seldom wait.
    SEND_BUFFER = 1024 * 1024,
    // Bytes of the file of turns that are locked.
    QUEUE = 0,
    TURN = 1,
};

const char * puna_error_text(int32_t error) {
    static _Thread_local char text[128];
    return strerror_r(error, text, sizeof text);
}

int32_t puna_socket_pair(int32_t * pair) {
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0) {
        return -errno;
    }
    int size = SEND_BUFFER;
    for (int i = 0; i < 2; i++) {
        setsockopt(pair[i], SOL_SOCKET, SO_SNDBUF, &size, sizeof size);
    }
    return 0;
}

int32_t puna_adopt(int32_t descriptor, int32_t is_socket) {
    struct stat facts;
    if (fstat(descriptor, &facts) < 0) {
        return -errno;
    }
    if (!S_ISSOCK(facts.st_mode) != !is_socket) {
        return is_socket ? -ENOTSOCK : -EINVAL;
    }
    return fcntl(descriptor, F_SETFD, FD_CLOEXEC) < 0 ? -errno : 0;
}

int64_t puna_receive(int32_t socket, void * into, int64_t length) {
    ssize_t count;
    do {
        count = recv(socket, into, (size_t) length, 0);
    } while (count < 0 && errno == EINTR);
    if (count >= 0) {
        return count;
    }
    return errno == ECONNRESET ? 0 : -errno;
}

int32_t puna_send(int32_t socket, struct iovec * parts, int64_t count) {
    struct msghdr message = { 0 };
    while (count > 0) {
        message.msg_iov = parts;
        message.msg_iovlen = (size_t) count;
        ssize_t sent = sendmsg(socket, &message, MSG_NOSIGNAL);
        if (sent < 0 && errno != EINTR) {
            return -errno;
        }
        size_t left = sent < 0 ? 0 : (size_t) sent;
        for (; count > 0 && left >= parts->iov_len; count--, parts++) {
            left -= parts->iov_len;
        }
        if (left > 0) {
            parts->iov_base = (char *) parts->iov_base + left;
            parts->iov_len -= left;
        }
    }
    return 0;
}

int32_t puna_shut(int32_t socket) {
    return shutdown(socket, SHUT_RDWR) < 0 ? -errno : 0;
}

// Linux has closed it whatever the result is.
int32_t puna_close(int32_t descriptor) {
    return close(descriptor) < 0 ? -errno : 0;
}

int64_t puna_read(int32_t descriptor, void * into, int64_t length) {
    ssize_t count;
    do {
        count = read(descriptor, into, (size_t) length);
    } while (count < 0 && errno == EINTR);
    return count < 0 ? -errno : count;
}

int32_t puna_poll(struct pollfd * descriptors, int64_t count, int32_t milliseconds) {
    int ready;
    do {
        ready = poll(descriptors, (nfds_t) count, milliseconds);
    } while (ready < 0 && errno == EINTR);
    return ready < 0 ? -errno : ready;
}

int32_t puna_bell(void) {
    int bell = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    return bell < 0 ? -errno : bell;
}

int32_t puna_ring(int32_t bell) {
    return eventfd_write(bell, 1) < 0 && errno != EAGAIN ? -errno : 0;
}

// Locks are all that the file is for: nobody can write into it.
int32_t puna_turns(void) {
    int file = memfd_create("puna-turns", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    if (file < 0) {
        return -errno;
    }
    if (fcntl(file, F_ADD_SEALS, F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE) < 0) {
        int error = errno;
        close(file);
        return -error;
    }
    return file;
}

static int32_t lock_byte(int32_t file, short type, off_t byte) {
    struct flock range = { .l_type = type, .l_whence = SEEK_SET, .l_start = byte, .l_len = 1 };
    int result;
    do {
        result = fcntl(file, F_SETLKW, &range);
    } while (result < 0 && errno == EINTR);
    return result < 0 ? -errno : 0;
}

int32_t puna_turn_take(int32_t turns) {
    int32_t result = lock_byte(turns, F_WRLCK, QUEUE);
    if (result == 0) {
        result = lock_byte(turns, F_WRLCK, TURN);
        int32_t left = lock_byte(turns, F_UNLCK, QUEUE);
        result = result ? result : left;
    }
    return result;
}

int32_t puna_turn_end(int32_t turns) {
    return lock_byte(turns, F_UNLCK, TURN);
}

#else

const char * puna_error_text(int32_t error) {
    return strerror(error);
}

int32_t puna_socket_pair(int32_t * pair) {
    (void) pair;
    return -ENOSYS;
}

int32_t puna_adopt(int32_t descriptor, int32_t is_socket) {
    (void) descriptor;
    (void) is_socket;
    return -ENOSYS;
}

int64_t puna_receive(int32_t socket, void * into, int64_t length) {
    (void) socket;
    (void) into;
    (void) length;
    return -ENOSYS;
}

int32_t puna_send(int32_t socket, struct iovec * parts, int64_t count) {
    (void) socket;
    (void) parts;
    (void) count;
    return -ENOSYS;
}

int32_t puna_shut(int32_t socket) {
    (void) socket;
    return -ENOSYS;
}

int32_t puna_close(int32_t descriptor) {
    (void) descriptor;
    return -ENOSYS;
}

int64_t puna_read(int32_t descriptor, void * into, int64_t length) {
    (void) descriptor;
    (void) into;
    (void) length;
    return -ENOSYS;
}

int32_t puna_poll(struct pollfd * descriptors, int64_t count, int32_t milliseconds) {
    (void) descriptors;
    (void) count;
    (void) milliseconds;
    return -ENOSYS;
}

int32_t puna_bell(void) {
    return -ENOSYS;
}

int32_t puna_ring(int32_t bell) {
    (void) bell;
    return -ENOSYS;
}

int32_t puna_turns(void) {
    return -ENOSYS;
}

int32_t puna_turn_take(int32_t turns) {
    (void) turns;
    return -ENOSYS;
}

int32_t puna_turn_end(int32_t turns) {
    (void) turns;
    return -ENOSYS;
}

#endif
