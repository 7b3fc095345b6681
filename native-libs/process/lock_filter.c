// SPDX-License-Identifier: Apache-2.0
// A list of what is allowed; all else fails with EPERM. What the C library only tries before something older, and what
// is newer than this list, fails with ENOSYS, so that it does fall back. Some of the list is allowed by its arguments.
// Numbers are as in the kernel's tables: headers of the system that builds this may be too old for the names.
#ifdef __linux__
#define _GNU_SOURCE
#include "lock_filter.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined(__x86_64__)
#define OUR_ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define OUR_ARCHITECTURE AUDIT_ARCH_AARCH64
#endif

#ifdef OUR_ARCHITECTURE

enum {
    LAST_KNOWN_CALL = 469, // Linux 6.18
    CLONE3 = 435,
    OPENAT2 = 437,
    MOST_INSTRUCTIONS = 1024,
};

// Without it, kernels before 5.16 slow down the arithmetic of whoever is filtered (speculative store bypass).
#define ALLOW_SPECULATION 4

#define FUTEX_WAITV 449
#define MAP_SHADOW_STACK 453
#define FUTEX_WAKE_2 454
#define FUTEX_WAIT_2 455
#define FUTEX_REQUEUE_2 456
#define MSEAL 462

// Memory, threads, time, signals of its own, files that are open or that Landlock lets it open, sockets that it was given.
// Roughly in the order in which they are frequent.
static const uint16_t ALLOWED[] = {
    SYS_futex, SYS_sched_yield, SYS_read, SYS_write, SYS_clock_nanosleep, SYS_nanosleep, SYS_madvise, SYS_mmap, SYS_munmap, SYS_mprotect,
    SYS_recvmsg, SYS_sendmsg, SYS_recvfrom, SYS_sendto, SYS_ppoll, SYS_epoll_pwait, SYS_pread64, SYS_readv, SYS_writev,
    SYS_close, SYS_fstat, SYS_newfstatat, SYS_statx, SYS_lseek, SYS_brk, SYS_rt_sigaction, SYS_rt_sigprocmask, SYS_rt_sigreturn,
    SYS_clock_gettime, SYS_clock_getres, SYS_gettimeofday, SYS_gettid, SYS_getpid, SYS_getcpu, SYS_getrandom, SYS_membarrier,
    // memory
    SYS_mremap, SYS_msync, SYS_mincore, SYS_mlock, SYS_munlock, SYS_mlock2, SYS_get_mempolicy, SYS_set_mempolicy, SYS_mbind,
    SYS_memfd_create, SYS_fadvise64, SYS_readahead, MAP_SHADOW_STACK, MSEAL,
    // threads and what a process knows of itself
    SYS_set_robust_list, SYS_set_tid_address, SYS_rseq, SYS_exit, SYS_exit_group, SYS_restart_syscall, FUTEX_WAITV, FUTEX_WAKE_2, FUTEX_WAIT_2,
    FUTEX_REQUEUE_2, SYS_sched_getaffinity, SYS_sched_getparam, SYS_sched_getscheduler, SYS_sched_getattr, SYS_sched_get_priority_max,
    SYS_sched_get_priority_min, SYS_sched_rr_get_interval, SYS_getpriority, SYS_getppid, SYS_getpgid, SYS_getsid, SYS_getuid, SYS_geteuid,
    SYS_getgid, SYS_getegid, SYS_getresuid, SYS_getresgid, SYS_getgroups, SYS_getrusage, SYS_times, SYS_sysinfo, SYS_uname, SYS_capget,
    SYS_getcwd,
    // signals and time
    SYS_sigaltstack, SYS_rt_sigpending, SYS_rt_sigtimedwait, SYS_rt_sigsuspend, SYS_signalfd4, SYS_timer_create, SYS_timer_settime,
    SYS_timer_gettime, SYS_timer_getoverrun, SYS_timer_delete, SYS_timerfd_create, SYS_timerfd_settime, SYS_timerfd_gettime, SYS_getitimer,
    SYS_setitimer,
    // files
    SYS_preadv, SYS_preadv2, SYS_pwrite64, SYS_pwritev, SYS_faccessat, 439 /* faccessat2 */, SYS_readlinkat, SYS_statfs, SYS_fstatfs,
    SYS_getdents64, SYS_dup, SYS_dup3, SYS_pipe2, SYS_flock, SYS_ftruncate, SYS_fallocate, SYS_fsync, SYS_fdatasync, 436 /* close_range */,
    SYS_pselect6, SYS_eventfd2, SYS_epoll_create1, SYS_epoll_ctl, 441 /* epoll_pwait2 */,
    // sockets
    SYS_shutdown, SYS_getsockopt, SYS_getsockname, SYS_getpeername,
#ifdef __x86_64__
    // older names of the above
    SYS_poll, SYS_epoll_wait, SYS_stat, SYS_lstat, SYS_access, SYS_readlink, SYS_getdents, SYS_dup2, SYS_pipe, SYS_select, SYS_eventfd,
    SYS_epoll_create, SYS_time, SYS_getpgrp, SYS_alarm, SYS_pause, SYS_getrlimit, SYS_arch_prctl,
#endif
};

static const uint16_t ALLOWED_TO_WRITERS[] = {
    SYS_mkdirat, SYS_unlinkat, SYS_renameat, SYS_renameat2,
#ifdef __x86_64__
    SYS_mkdir, SYS_rename, SYS_unlink,
#endif
};

// It asks about itself, names its threads and its memory.
static const uint32_t PRCTL_OPTIONS[] = {
    2 /* GET_PDEATHSIG */, 3 /* GET_DUMPABLE */, 15 /* SET_NAME */, 16 /* GET_NAME */, 21 /* GET_SECCOMP */, 23 /* CAPBSET_READ */,
    29 /* SET_TIMERSLACK */, 30 /* GET_TIMERSLACK */, 38 /* SET_NO_NEW_PRIVS */, 39 /* GET_NO_NEW_PRIVS */, 41 /* SET_THP_DISABLE */,
    42 /* GET_THP_DISABLE */, 50 /* SVE_SET_VL */, 51 /* SVE_GET_VL */, 52 /* GET_SPECULATION_CTRL */, 56 /* GET_TAGGED_ADDR_CTRL */,
    63 /* SME_SET_VL */, 64 /* SME_GET_VL */, 0x53564d41 /* SET_VMA */,
};

// What makes the kernel signal others for it (F_SETOWN, F_SETSIG, F_SETOWN_EX), leases, and notes of changes in folders.
static const uint32_t NOT_OF_FCNTL[] = { 8, 10, 15, 1024, 1026 };
// FIOSETOWN and SIOCSPGRP, which do the same; what writes into a terminal or takes it (TIOCSTI, TIOCLINUX, TIOCSCTTY, TIOCSETD, TIOCCONS).
static const uint32_t NOT_OF_IOCTL[] = { 0x8901, 0x8902, 0x5412, 0x541c, 0x540e, 0x5423, 0x541d };
// TCGETS, TIOCGWINSZ, FIONREAD, FIONBIO, FIONCLEX, FIOCLEX.
static const uint32_t IOCTL_WITHOUT_DEVICES[] = { 0x5401, 0x5413, 0x541b, 0x5421, 0x5450, 0x5451 };

static const uint32_t CLONE_REQUIRED = CLONE_VM | CLONE_SIGHAND | CLONE_THREAD;
static const uint32_t CLONE_ALLOWED = CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM | CLONE_SETTLS
    | CLONE_PARENT_SETTID | CLONE_CHILD_CLEARTID | CLONE_CHILD_SETTID | CLONE_DETACHED;

#define COUNT(list) (sizeof(list) / sizeof(list)[0])
#define REFUSE(error) (SECCOMP_RET_ERRNO | (error))

// The accumulator holds the number of the call between what is added: who loads something else ends with a verdict.
struct program {
    struct sock_filter code[MOST_INSTRUCTIONS];
    unsigned count;
};

// An argument of a call, of which only some bits count, and what they must be.
struct condition {
    int argument;
    uint32_t bits;
    uint32_t value;
};

static void add(struct program * program, uint16_t code, uint32_t value, unsigned if_true, unsigned if_false) {
    if (program->count < MOST_INSTRUCTIONS) {
        program->code[program->count] = (struct sock_filter) { code, (uint8_t) if_true, (uint8_t) if_false, value };
    }
    program->count++;
}

static void load(struct program * program, size_t offset) {
    add(program, BPF_LD | BPF_W | BPF_ABS, (uint32_t) offset, 0, 0);
}

static void end(struct program * program, uint32_t verdict) {
    add(program, BPF_RET | BPF_K, verdict, 0, 0);
}

static void judge(struct program * program, uint32_t call, uint32_t verdict) {
    add(program, BPF_JMP | BPF_JEQ | BPF_K, call, 0, 1);
    end(program, verdict);
}

static void judge_all(struct program * program, const uint16_t * calls, size_t count, uint32_t verdict) {
    for (size_t i = 0; i < count; i++) {
        judge(program, calls[i], verdict);
    }
}

// The low half of an argument: the first on both architectures, and all that the kernel looks at where the type is int.
static size_t low_half(int argument) {
    return offsetof(struct seccomp_data, args) + sizeof(uint64_t) * (size_t) argument;
}

// Allows a call if all conditions hold.
static void allow_if(struct program * program, uint32_t call, const struct condition * conditions, unsigned count) {
    add(program, BPF_JMP | BPF_JEQ | BPF_K, call, 0, 3 * count + 2);
    for (unsigned i = 0; i < count; i++) {
        load(program, low_half(conditions[i].argument));
        add(program, BPF_ALU | BPF_AND | BPF_K, conditions[i].bits, 0, 0);
        add(program, BPF_JMP | BPF_JEQ | BPF_K, conditions[i].value, 0, 3 * (count - i - 1) + 1);
    }
    end(program, SECCOMP_RET_ALLOW);
    end(program, REFUSE(EPERM));
}

// What becomes of a call with an argument that is on the list, and of one with another.
static void choose(struct program * program, uint32_t call, int argument, const uint32_t * list, unsigned count, uint32_t listed, uint32_t other) {
    add(program, BPF_JMP | BPF_JEQ | BPF_K, call, 0, count + 3);
    load(program, low_half(argument));
    for (unsigned i = 0; i < count; i++) {
        add(program, BPF_JMP | BPF_JEQ | BPF_K, list[i], count - i, 0);
    }
    end(program, other);
    end(program, listed);
}

static void allow_listed(struct program * program, uint32_t call, int argument, const uint32_t * list, unsigned count) {
    choose(program, call, argument, list, count, SECCOMP_RET_ALLOW, REFUSE(EPERM));
}

static void allow_unlisted(struct program * program, uint32_t call, int argument, const uint32_t * list, unsigned count) {
    choose(program, call, argument, list, count, REFUSE(EPERM), SECCOMP_RET_ALLOW);
}

static void threads(struct program * program) {
    struct condition flags[] = {
        { 0, CLONE_REQUIRED, CLONE_REQUIRED },
        { 0, ~CLONE_ALLOWED, 0 },
    };
    allow_if(program, SYS_clone, flags, COUNT(flags));
    judge(program, CLONE3, REFUSE(ENOSYS));
}

// Each pointer as two halves.
static void the_program(struct program * program, const struct puna_filter * filter) {
    const void * pointers[] = { filter->program, filter->arguments, filter->environment };
    struct condition halves[6];
    for (int i = 0; i < 3; i++) {
        uint64_t address = (uint64_t) (uintptr_t) pointers[i];
        halves[2 * i] = (struct condition) { i, UINT32_MAX, (uint32_t) address };
        halves[2 * i + 1] = (struct condition) { i, UINT32_MAX, (uint32_t) (address >> 32) };
    }
    add(program, BPF_JMP | BPF_JEQ | BPF_K, SYS_execve, 0, 2 * COUNT(halves) + 2);
    for (unsigned i = 0; i < COUNT(halves); i++) {
        load(program, low_half(halves[i].argument) + (i % 2) * sizeof(uint32_t));
        add(program, BPF_JMP | BPF_JEQ | BPF_K, halves[i].value, 0, 2 * ((unsigned) COUNT(halves) - i - 1) + 1);
    }
    end(program, SECCOMP_RET_ALLOW);
    end(program, REFUSE(EPERM));
}

// What may name another process names this one or, where that is the same, none.
static void only_itself(struct program * program) {
    uint32_t self = (uint32_t) getpid();
    uint32_t self_or_zero[] = { self, 0 };
    struct condition first[] = { { 0, UINT32_MAX, self } };
    struct condition both[] = { { 0, UINT32_MAX, self }, { 1, UINT32_MAX, self } };
    struct condition itself[] = { { 0, UINT32_MAX, 0 }, { 1, UINT32_MAX, 0 } };
    allow_if(program, SYS_tgkill, first, COUNT(first));
    allow_if(program, SYS_kill, first, COUNT(first));
    allow_if(program, SYS_rt_sigqueueinfo, first, COUNT(first));
    allow_if(program, SYS_rt_tgsigqueueinfo, first, COUNT(first));
    allow_if(program, SYS_kcmp, both, COUNT(both));
    allow_if(program, SYS_setpriority, itself, COUNT(itself));
    allow_listed(program, SYS_prlimit64, 0, self_or_zero, COUNT(self_or_zero));
    allow_listed(program, SYS_sched_setaffinity, 0, self_or_zero, COUNT(self_or_zero));
    allow_listed(program, SYS_sched_setscheduler, 0, self_or_zero, COUNT(self_or_zero));
    allow_listed(program, SYS_sched_setparam, 0, self_or_zero, COUNT(self_or_zero));
    allow_listed(program, SYS_sched_setattr, 0, self_or_zero, COUNT(self_or_zero));
}

// First, since it is frequent with some drivers and between models that share the processor: the kernel (5.11) remembers what does not
// depend on arguments, and asks the filter only of the rest.
static void descriptors(struct program * program, const struct puna_filter * filter) {
    if (filter->has_devices) {
        allow_unlisted(program, SYS_ioctl, 1, NOT_OF_IOCTL, COUNT(NOT_OF_IOCTL));
    } else {
        allow_listed(program, SYS_ioctl, 1, IOCTL_WITHOUT_DEVICES, COUNT(IOCTL_WITHOUT_DEVICES));
    }
    allow_unlisted(program, SYS_fcntl, 1, NOT_OF_FCNTL, COUNT(NOT_OF_FCNTL));
}

static void files(struct program * program, const struct puna_filter * filter) {
    uint32_t denied = 0;
    if (!filter->may_write) {
        denied |= O_CREAT | O_TRUNC | (O_TMPFILE & ~O_DIRECTORY);
        if (!filter->has_devices) {
            denied |= O_ACCMODE;
        }
    }
    struct condition flags[] = { { 2, denied, 0 } };
    allow_if(program, SYS_openat, flags, COUNT(flags));
#ifdef __x86_64__
    flags[0].argument = 1;
    allow_if(program, SYS_open, flags, COUNT(flags));
#endif
    judge(program, OPENAT2, REFUSE(ENOSYS));
    if (filter->may_write) {
        judge_all(program, ALLOWED_TO_WRITERS, COUNT(ALLOWED_TO_WRITERS), SECCOMP_RET_ALLOW);
    }
}

static void write_program(struct program * program, const struct puna_filter * filter) {
    // Types 1 and 5, SOCK_STREAM and SOCK_SEQPACKET: datagrams of a pair can be sent to any socket that has a name.
    struct condition pair[] = { { 0, UINT32_MAX, AF_UNIX }, { 1, 0xf & ~4, SOCK_STREAM } };
    struct condition asking[] = { { 0, UINT32_MAX, UINT32_MAX } };

    load(program, offsetof(struct seccomp_data, arch));
    add(program, BPF_JMP | BPF_JEQ | BPF_K, OUR_ARCHITECTURE, 1, 0);
    end(program, SECCOMP_RET_KILL_PROCESS);
    load(program, offsetof(struct seccomp_data, nr));
    add(program, BPF_JMP | BPF_JGT | BPF_K, LAST_KNOWN_CALL, 0, 1);
    end(program, REFUSE(ENOSYS));
    descriptors(program, filter);
    judge_all(program, ALLOWED, COUNT(ALLOWED), SECCOMP_RET_ALLOW);
    files(program, filter);
    only_itself(program);
    threads(program);
    allow_listed(program, SYS_prctl, 0, PRCTL_OPTIONS, COUNT(PRCTL_OPTIONS));
    allow_if(program, SYS_socketpair, pair, COUNT(pair));
    allow_if(program, SYS_personality, asking, COUNT(asking));
    the_program(program, filter);
    end(program, REFUSE(EPERM));
}

bool puna_filter_apply(const struct puna_filter * filter) {
    struct program program;
    program.count = 0;
    write_program(&program, filter);
    if (program.count > MOST_INSTRUCTIONS) {
        return false;
    }
    struct sock_fprog given = { (unsigned short) program.count, program.code };
    return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, ALLOW_SPECULATION, &given) == 0
        || syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &given) == 0;
}

#else

bool puna_filter_apply(const struct puna_filter * filter) {
    (void) filter;
    return false;
}

#endif
#endif
