// SPDX-License-Identifier: Apache-2.0
// A child between its making and its program. Until execve(2) it runs in the memory of its parent, whose thread waits (as
// vfork(2) has it: a fork of a large process takes milliseconds, and fails where memory may not be promised twice). So
// nothing here allocates, takes a lock or changes what belongs to the memory, such as PR_SET_DUMPABLE.
#define _GNU_SOURCE
#include "puna_process.h"

#include <errno.h>

#ifdef __linux__

#include "lock.h"

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef SYS_close_range
#define SYS_close_range 436
#endif
#ifndef SYS_pidfd_open
#define SYS_pidfd_open 434
#endif

enum {
    FIRST_DESCRIPTOR = 3,
    CLOSE_RANGE_CLOEXEC_FLAG = 4,
    STACK_SIZE = 256 * 1024,
    // The child goes first: half of the machine's memory counts for it on top of its own.
    OOM_SCORE_ABOVE_PARENT = 500,
    OOM_SCORE_MOST = 1000,
    STATUS_FAILED = 127,
};

// What parent and child share while the parent waits.
struct start {
    const struct puna_plan * plan;
    pid_t parent;
    int output;
    char oom_score[16];
    int copies[PUNA_DESCRIPTORS_BELOW];
    volatile uint32_t locks;
    volatile int32_t step;
    volatile int32_t error;
};

// Ignored signals would stay ignored in the program; handlers would run in the parent's memory. The C library would leave out those
// that it uses itself, so this is the kernel's struct: all zero is SIG_DFL.
static void forget_handlers(void) {
    const uint64_t by_default[4] = { 0 };
    for (int number = 1; number < NSIG; number++) {
        syscall(SYS_rt_sigaction, number, by_default, NULL, sizeof(uint64_t));
    }
}

// A copy whose number is in nobody's way.
static int out_of_the_way(int descriptor) {
    return fcntl(descriptor, F_DUPFD_CLOEXEC, PUNA_DESCRIPTORS_BELOW);
}

static int keep_from_program(int descriptor) {
    int flags = fcntl(descriptor, F_GETFD);
    return flags < 0 ? 0 : fcntl(descriptor, F_SETFD, flags | FD_CLOEXEC);
}

struct kernel_entry {
    uint64_t inode;
    int64_t offset;
    unsigned short length;
    unsigned char type;
    char name[];
};

static int number_of(const char * name) {
    int number = 0;
    for (; *name >= '0' && *name <= '9'; name++) {
        number = number * 10 + (*name - '0');
    }
    return *name ? -1 : number;
}

// Kernels before 5.11: asks which there are. readdir(3) would allocate.
static int keep_listed_from_program(int first) {
    int folder = open("/proc/self/fd", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0) {
        return -1;
    }
    char entries[4096] __attribute__((aligned(8)));
    long length;
    while ((length = syscall(SYS_getdents64, folder, entries, sizeof entries)) > 0) {
        for (long at = 0; at < length;) {
            struct kernel_entry * entry = (struct kernel_entry *) (entries + at);
            int number = number_of(entry->name);
            if (number >= first) {
                keep_from_program(number);
            }
            at += entry->length;
        }
    }
    return length < 0 ? -1 : 0;
}

static int keep_from_program_from(int first) {
#ifndef PUNA_AS_ON_LINUX_4
    if (syscall(SYS_close_range, (unsigned) first, UINT_MAX, CLOSE_RANGE_CLOEXEC_FLAG) == 0) {
        return 0;
    }
#endif
    return keep_listed_from_program(first);
}

// Number `to` becomes what `from` is, and stays in the program.
static int place(int from, int to) {
    return from < 0 ? -1 : dup2(from, to);
}

// Copies first, so that no number is written over before it was read.
static int place_descriptors(struct start * start) {
    const struct puna_plan * plan = start->plan;
    for (int64_t i = 0; i < plan->descriptor_count; i++) {
        start->copies[i] = out_of_the_way(plan->descriptors[i]);
        if (start->copies[i] < 0) {
            return -1;
        }
    }
    int output = out_of_the_way(start->output);
    int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
    nothing = nothing < 0 ? -1 : out_of_the_way(nothing);
    if (place(nothing, STDIN_FILENO) < 0 || place(output, STDOUT_FILENO) < 0 || place(output, STDERR_FILENO) < 0) {
        return -1;
    }
    for (int64_t i = 0; i < plan->descriptor_count; i++) {
        if (place(start->copies[i], FIRST_DESCRIPTOR + (int) i) < 0) {
            return -1;
        }
    }
    return keep_from_program_from(FIRST_DESCRIPTOR + (int) plan->descriptor_count);
}

static int limit(int resource, rlim_t value) {
    struct rlimit now;
    if (getrlimit(resource, &now) < 0) {
        return -1;
    }
    if (now.rlim_max != RLIM_INFINITY && now.rlim_max < value) {
        value = now.rlim_max;
    }
    struct rlimit wanted = { value, value };
    return setrlimit(resource, &wanted);
}

static int set_limits(const struct puna_plan * plan) {
    if (limit(RLIMIT_CORE, 0) < 0) {
        return -1;
    }
    for (int64_t i = 0; i < plan->limit_count; i++) {
        if (limit((int) plan->limits[i].resource, (rlim_t) plan->limits[i].value) < 0) {
            return -1;
        }
    }
    return 0;
}

// Where /proc is missing or not writable, the kernel chooses by size alone.
static void be_the_first_to_go(const struct start * start) {
    int file = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
    if (file >= 0) {
        ssize_t ignored = write(file, start->oom_score, strlen(start->oom_score));
        (void) ignored;
        close(file);
    }
}

static void begin(struct start * start) {
    const struct puna_plan * plan = start->plan;
    forget_handlers();
    // The terminal's Ctrl-C is for the server, which ends its children when they have answered.
    setsid();
    start->step = PUNA_STEP_PARENT;
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0) {
        return;
    }
    if (getppid() != start->parent) {
        errno = ESRCH;
        return;
    }
    be_the_first_to_go(start);
    start->step = PUNA_STEP_DESCRIPTORS;
    if (place_descriptors(start) < 0) {
        return;
    }
    start->step = PUNA_STEP_LIMITS;
    if (set_limits(plan) < 0) {
        return;
    }
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    start->step = PUNA_STEP_LOCK;
    if (plan->lock) {
        start->locks = puna_lock_apply_before(plan->lock, plan->program, plan->arguments, plan->environment);
    }
    start->step = PUNA_STEP_PROGRAM;
    execve(plan->program, plan->arguments, plan->environment);
}

static int run_child(void * argument) {
    struct start * start = argument;
    errno = 0;
    begin(start);
    start->error = errno ? errno : EIO;
    _exit(STATUS_FAILED);
}

static void note_oom_score(struct start * start) {
    int score = 0;
    FILE * file = fopen("/proc/self/oom_score_adj", "re");
    if (file) {
        if (fscanf(file, "%d", &score) != 1) {
            score = 0;
        }
        fclose(file);
    }
    score += OOM_SCORE_ABOVE_PARENT;
    snprintf(start->oom_score, sizeof start->oom_score, "%d", score < OOM_SCORE_MOST ? score : OOM_SCORE_MOST);
}

// The child has its own stack, since the parent's goes on to be used; no signal may arrive while two processes share memory.
static pid_t make_child(struct start * start) {
    char * stack = mmap(NULL, STACK_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
    if (stack == MAP_FAILED) {
        return -1;
    }
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    pid_t pid = clone(run_child, stack + STACK_SIZE, CLONE_VM | CLONE_VFORK | SIGCHLD, start);
    int error = errno;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    munmap(stack, STACK_SIZE);
    errno = error;
    return pid;
}

static void bury(pid_t pid) {
    while (waitpid(pid, NULL, 0) < 0 && errno == EINTR) {
    }
}

int32_t puna_spawn(const struct puna_plan * plan, struct puna_child * child) {
    struct start start = { .plan = plan, .parent = getpid(), .step = PUNA_STEP_PREPARE };
    int output[2];
    *child = (struct puna_child) { .pid = -1, .output = -1, .identity = -1, .step = PUNA_STEP_PREPARE };
    if (plan->descriptor_count < 0 || plan->descriptor_count > PUNA_DESCRIPTORS_BELOW - FIRST_DESCRIPTOR) {
        return -EINVAL;
    }
    if (pipe2(output, O_CLOEXEC) < 0) {
        return -errno;
    }
    note_oom_score(&start);
    start.output = output[1];
    pid_t pid = fcntl(output[0], F_SETFL, O_NONBLOCK) < 0 ? -1 : make_child(&start);
    int error = pid < 0 ? errno : start.error;
    close(output[1]);
    child->step = start.step;
    if (error) {
        close(output[0]);
        if (pid >= 0) {
            bury(pid);
        }
        return -error;
    }
    child->pid = pid;
    child->output = output[0];
#ifndef PUNA_AS_ON_LINUX_4
    child->identity = (int32_t) syscall(SYS_pidfd_open, pid, 0);
#endif
    child->locks = start.locks;
    return 0;
}

int32_t puna_reap(int32_t pid, int32_t * code_and_signal) {
    int status;
    pid_t ended;
    do {
        ended = waitpid(pid, &status, WNOHANG);
    } while (ended < 0 && errno == EINTR);
    if (ended <= 0) {
        return ended < 0 ? -errno : 0;
    }
    code_and_signal[0] = WIFEXITED(status) ? WEXITSTATUS(status) : 0;
    code_and_signal[1] = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
    return 1;
}

int32_t puna_kill(int32_t pid, int32_t signal) {
    return kill(pid, signal) < 0 ? -errno : 0;
}

#else

int32_t puna_spawn(const struct puna_plan * plan, struct puna_child * child) {
    (void) plan;
    (void) child;
    return -ENOSYS;
}

int32_t puna_reap(int32_t pid, int32_t * code_and_signal) {
    (void) pid;
    (void) code_and_signal;
    return -ENOSYS;
}

int32_t puna_kill(int32_t pid, int32_t signal) {
    (void) pid;
    (void) signal;
    return -ENOSYS;
}

#endif
