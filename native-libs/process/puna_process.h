// SPDX-License-Identifier: Apache-2.0
//
// How Puna starts the process that owns a model, and how the two speak: what Java lacks of Linux. Needs the C library only, so
// that a server can load this without llama.cpp. Where the system is not Linux, all but puna_process_abi fail with ENOSYS.
//
// Any thread may call any function. None allocates memory that its caller must free. Unless it says otherwise, a function
// gives what it made, or 0, or a negative errno.

#ifndef PUNA_PROCESS_H
#define PUNA_PROCESS_H

#include <poll.h>
#include <stdint.h>
#include <sys/uio.h>

#define PUNA_PROCESS_ABI 1
#define PUNA_PROCESS_API __attribute__((visibility("default")))

// PUNA_PROCESS_ABI as compiled in.
PUNA_PROCESS_API uint32_t puna_process_abi(void);
// An errno in words; stays valid until the thread's next call.
PUNA_PROCESS_API const char * puna_error_text(int32_t error);

// --- starting a child -----------------------------------------------------------------------------------------------

// Below it lie the numbers that a child's descriptors get, from 3 on. Whatever a lock keeps open until it is applied must
// have this number or a higher one, with FD_CLOEXEC.
#define PUNA_DESCRIPTORS_BELOW 64

struct puna_lock;

struct puna_limit {
    int64_t resource; // RLIMIT_...
    int64_t value;    // both bounds; where the system's is lower, that stays
};

// What a child is to be. All pointers; the caller's, read until puna_spawn returns.
struct puna_plan {
    const char * program; // path of the file
    char * const * arguments;
    char * const * environment;
    const int32_t * descriptors; // become 3, 4, ... in the child
    int64_t descriptor_count;
    const struct puna_limit * limits;
    int64_t limit_count;
    const struct puna_lock * lock; // put on last before the program begins; may be NULL
};

enum puna_step {
    PUNA_STEP_PREPARE = 1, // in the parent
    PUNA_STEP_PARENT,      // the parent was gone before its child could be told to die with it
    PUNA_STEP_DESCRIPTORS,
    PUNA_STEP_LIMITS,
    PUNA_STEP_LOCK,
    PUNA_STEP_PROGRAM, // execve(2)
};

struct puna_child {
    int32_t pid;
    int32_t output;   // reads what the child writes to standard output and standard error; does not block
    int32_t identity; // readable when the child has ended (pidfd_open(2)); -1 where the kernel has none
    uint32_t locks;   // what puna_lock_apply_before answered
    int32_t step;     // how far it came, an enum puna_step
};

// Starts a child that has its own session, standard input from /dev/null, no signal blocked or handled, no core dumps, a
// higher oom_score_adj than this process, and of the descriptors of this process only those of the plan; and that is killed when
// the calling *thread* ends. Returns when the program has begun or has failed to.
PUNA_PROCESS_API int32_t puna_spawn(const struct puna_plan * plan, struct puna_child * child);

// What became of a child: 1 and its exit code and signal (one of them 0), or 0 if it runs; a child is told of once.
PUNA_PROCESS_API int32_t puna_reap(int32_t pid, int32_t * code_and_signal);
PUNA_PROCESS_API int32_t puna_kill(int32_t pid, int32_t signal);

// --- descriptors ----------------------------------------------------------------------------------------------------

// A connected pair of stream sockets.
PUNA_PROCESS_API int32_t puna_socket_pair(int32_t * pair);
// Takes over a descriptor that was given to this process, which must be a socket or must not; children will not have it.
PUNA_PROCESS_API int32_t puna_adopt(int32_t descriptor, int32_t is_socket);
// Waits for some bytes; gives how many, and 0 at the end, also if the other side has gone.
PUNA_PROCESS_API int64_t puna_receive(int32_t socket, void * into, int64_t length);
// Waits until all of the parts are sent, and changes them as it goes. No SIGPIPE.
PUNA_PROCESS_API int32_t puna_send(int32_t socket, struct iovec * parts, int64_t count);
// Both ways; wakes who waits in the two above.
PUNA_PROCESS_API int32_t puna_shut(int32_t socket);
PUNA_PROCESS_API int32_t puna_close(int32_t descriptor);
// What a pipe or an eventfd holds, without waiting: as puna_receive, but -EAGAIN if there is nothing yet.
PUNA_PROCESS_API int64_t puna_read(int32_t descriptor, void * into, int64_t length);
// poll(2), begun anew after a signal.
PUNA_PROCESS_API int32_t puna_poll(struct pollfd * descriptors, int64_t count, int32_t milliseconds);
// An eventfd, which does not block, and what makes it readable.
PUNA_PROCESS_API int32_t puna_bell(void);
PUNA_PROCESS_API int32_t puna_ring(int32_t bell);

// --- turns ----------------------------------------------------------------------------------------------------------

// A lock between the processes that have this descriptor. One process at a time waits for the one that has the turn, so who gives it
// back and wants it again is behind who waits. The kernel takes the turn from a process that ends. Threads of one
// process are not kept apart: at most one may wait for the turn or have it.
PUNA_PROCESS_API int32_t puna_turns(void);
PUNA_PROCESS_API int32_t puna_turn_take(int32_t turns);
PUNA_PROCESS_API int32_t puna_turn_end(int32_t turns);

#endif
