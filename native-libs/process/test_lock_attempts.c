// SPDX-License-Identifier: Apache-2.0
// Tries what a child that is locked up must not be able to do, and what it must, and prints a line for each: its name and 0, or the
// errno. test_lock_attempts TCP_PORT UDP_PORT UNIX_SOCKET ABSTRACT_SOCKET MODEL SECRET FOLDER; the folder is for what it tries to make.
// Descriptor 3 is a socket to its parent. With one argument: a call as 32-bit programs make it.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>

enum { PARENT_SOCKET = 3, MEBIBYTE = 1024 * 1024 };

static const char * model;
static const char * secret;
static const char * folder;

static void tell(const char * name, long result) {
    printf("%s %d\n", name, result < 0 ? errno : 0);
    fflush(stdout);
}

static const char * inside(const char * name) {
    static char path[4096];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

// A socket that is connected there, or -1.
static int reach(int type, const void * address, socklen_t length) {
    int made = socket(*(const sa_family_t *) address, type, 0);
    return made < 0 ? -1 : connect(made, address, length) < 0 ? -1 : made;
}

static struct sockaddr_in loopback(const char * port) {
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons((uint16_t) atoi(port)) };
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

static void network(char ** arguments) {
    struct sockaddr_in tcp = loopback(arguments[1]);
    struct sockaddr_in udp = loopback(arguments[2]);
    struct sockaddr_in any = loopback("0");
    struct sockaddr_un path = { .sun_family = AF_UNIX };
    struct sockaddr_un abstract = { .sun_family = AF_UNIX };
    strncpy(path.sun_path, arguments[3], sizeof path.sun_path - 1);
    strncpy(abstract.sun_path + 1, arguments[4], sizeof abstract.sun_path - 2);
    socklen_t abstract_length = (socklen_t) (offsetof(struct sockaddr_un, sun_path) + 1 + strlen(arguments[4]));

    tell("connect-tcp", reach(SOCK_STREAM, &tcp, sizeof tcp));
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    tell("listen-tcp", listener < 0 || bind(listener, (struct sockaddr *) &any, sizeof any) < 0 ? -1 : listen(listener, 1));
    int datagrams = socket(AF_INET, SOCK_DGRAM, 0);
    tell("send-udp", datagrams < 0 ? -1 : sendto(datagrams, "x", 1, 0, (struct sockaddr *) &udp, sizeof udp));
    tell("connect-unix", reach(SOCK_DGRAM, &path, sizeof path));
    tell("connect-abstract", reach(SOCK_DGRAM, &abstract, abstract_length));
    int size = 4096;
    tell("change-socket", setsockopt(PARENT_SOCKET, SOL_SOCKET, SO_RCVBUF, &size, sizeof size));
    tell("socket-netlink", socket(AF_NETLINK, SOCK_RAW, 0));
    int pair[2];
    int made = socketpair(AF_UNIX, SOCK_DGRAM, 0, pair);
    tell("datagram-from-pair", made < 0 ? -1 : sendto(pair[0], "x", 1, 0, (struct sockaddr *) &path, sizeof path));
}

static void reading(void) {
    char path[64];
    tell("read-secret", open(secret, O_RDONLY));
    tell("list-folder", open(folder, O_RDONLY | O_DIRECTORY));
    tell("read-passwords", open("/etc/passwd", O_RDONLY));
    snprintf(path, sizeof path, "/proc/%d/environ", getppid());
    tell("read-parents-environment", open(path, O_RDONLY));
    snprintf(path, sizeof path, "/proc/%d/mem", getppid());
    tell("open-parents-memory", open(path, O_RDWR));
    tell("open-terminals", open("/dev/ptmx", O_RDWR));
}

static void writing(void) {
    struct timespec times[2] = { { 1, 0 }, { 1, 0 } };
    tell("make-in-temp", open("/tmp", O_TMPFILE | O_RDWR, 0600));
    tell("make-file", open(inside("made"), O_CREAT | O_WRONLY, 0600));
    tell("make-folder", mkdir(inside("made-folder"), 0700));
    tell("make-pipe", mkfifo(inside("made-pipe"), 0700));
    tell("make-link", symlink("x", inside("made-link")));
    tell("link-model", link(model, inside("linked")));
    tell("write-model", open(model, O_WRONLY));
    tell("append-to-model", open(model, O_WRONLY | O_APPEND));
    tell("change-rights", chmod(model, 0600));
    tell("change-owner", chown(model, getuid(), getgid()));
    tell("change-times", utimensat(AT_FDCWD, model, times, 0));
    tell("change-attribute", setxattr(model, "user.puna", "x", 1, 0));
    tell("change-directory", chdir("/"));
    tell("write-own-memory-file", open("/proc/self/mem", O_RDWR));
    tell("lower-oom-score", open("/proc/self/oom_score_adj", O_WRONLY));
}

// After all that needs the model.
static void destroying(void) {
    tell("empty-by-opening", open(model, O_RDONLY | O_TRUNC));
    tell("truncate-model", truncate(model, 1));
    tell("rename-model", rename(model, inside("renamed")));
    tell("unlink-secret", unlink(secret));
}

static int nothing(void * unused) {
    (void) unused;
    _exit(0);
}

static void processes(void) {
    static char stack[64 * 1024];
    static char * const arguments[] = { "true", NULL };
    uint64_t clone3[11] = { [4] = SIGCHLD };
    pid_t parent = getppid();

    pid_t child = fork();
    if (child == 0) {
        _exit(0);
    }
    tell("fork", child);
    tell("clone-process", clone(nothing, stack + sizeof stack, CLONE_VM | SIGCHLD, NULL));
    child = (pid_t) syscall(SYS_clone3, clone3, sizeof clone3);
    if (child == 0) {
        _exit(0);
    }
    tell("clone3-process", child);
    char byte;
    struct iovec here = { &byte, 1 };
    struct iovec there = { stack, 1 };
    cpu_set_t processors;
    CPU_ZERO(&processors);
    CPU_SET(0, &processors);
    tell("trace-parent", ptrace(PTRACE_SEIZE, parent, 0, 0));
    tell("read-parents-memory", process_vm_readv(parent, &here, 1, &there, 1, 0));
    tell("signal-parent", kill(parent, 0));
    tell("signal-all", kill(0, 0));
    tell("signal-parents-thread", syscall(SYS_tgkill, parent, parent, 0));
    tell("handle-of-parent", syscall(SYS_pidfd_open, parent, 0));
    tell("signal-through-file", fcntl(PARENT_SOCKET, F_SETOWN, parent));
    int number = parent;
    tell("signal-through-socket", ioctl(PARENT_SOCKET, 0x8901 /* FIOSETOWN */, &number));
    tell("limit-parent", syscall(SYS_prlimit64, parent, RLIMIT_NOFILE, NULL, NULL));
    tell("move-parent", sched_setaffinity(parent, sizeof processors, &processors));
    tell("weaken-parent", setpriority(PRIO_PROCESS, (id_t) parent, getpriority(PRIO_PROCESS, (id_t) parent)));
    tell("outlive-parent", prctl(PR_SET_PDEATHSIG, 0));
    tell("exec-by-descriptor", syscall(SYS_execveat, -1, "/bin/true", arguments, environ, 0x1000000));
    printf("exec 0\n");
    fflush(stdout);
    execve(inside("no-such-program"), arguments, environ);
    tell("exec", errno == ENOENT ? 0 : -1);
}

// Last, since some of it takes rights away where it is possible.
static void privileges(void) {
    struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
    struct __user_cap_data_struct all[2] = { { .effective = 1, .permitted = 1 }, { 0 } };
    char buffer[256] = { 0 };
    tell("set-user", setuid(getuid()));
    tell("set-groups", setgid(getgid()));
    tell("take-capabilities", syscall(SYS_capset, &header, all));
    tell("keep-capabilities", prctl(PR_SET_KEEPCAPS, 0));
    tell("io-uring", syscall(SYS_io_uring_setup, 1, buffer));
    tell("unshare", unshare(CLONE_NEWUSER));
    tell("enter-namespace", setns(PARENT_SOCKET, 0));
    tell("bpf", syscall(SYS_bpf, 0, buffer, 1));
    tell("keys", syscall(SYS_keyctl, 0, 0, 0, 0, 0));
    tell("add-key", syscall(SYS_add_key, "user", "puna", "x", 1, -2));
    tell("mount", mount("none", inside("none"), "tmpfs", 0, NULL));
    tell("userfaultfd", syscall(SYS_userfaultfd, 1));
    tell("perf-events", syscall(SYS_perf_event_open, buffer, 0, -1, -1, 0));
    tell("personality", syscall(SYS_personality, 0x0400000));
    int segment = shmget(IPC_PRIVATE, 4096, 0600);
    tell("system-v-memory", segment);
    if (segment >= 0) {
        shmctl(segment, IPC_RMID, NULL);
    }
    tell("change-root", chroot("."));
    tell("unknown-call", syscall(0x3fffffff));
#ifdef __x86_64__
    tell("x32-call", syscall(0x40000000 + SYS_getpid));
#endif
}

static void * think(void * result) {
    *(int *) result = 0;
    return NULL;
}

static int thread_runs(void) {
    int result = -1;
    pthread_t thread;
    errno = pthread_create(&thread, NULL, think, &result);
    if (errno) {
        return -1;
    }
    pthread_join(thread, NULL);
    return result;
}

static int model_is_mapped(void) {
    int file = open(model, O_RDONLY | O_CLOEXEC);
    char * content = file < 0 ? MAP_FAILED : mmap(NULL, 4, PROT_READ, MAP_SHARED, file, 0);
    return content != MAP_FAILED && memcmp(content, "GGUF", 4) == 0 ? 0 : -1;
}

// Code that is made at run time.
static int code_is_made(void) {
    void * code = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return code == MAP_FAILED ? -1 : mprotect(code, 4096, PROT_READ | PROT_EXEC);
}

static int dies_with_parent(void) {
    int number = 0;
    return prctl(PR_GET_PDEATHSIG, &number) == 0 && number == SIGKILL ? 0 : -1;
}

static void what_works(void) {
    int pair[2];
    int memory = memfd_create("test", MFD_CLOEXEC);
    tell("works-model", model_is_mapped());
    tell("works-thread", thread_runs());
    tell("works-memory", mmap(NULL, 64 * MEBIBYTE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED ? -1 : 0);
    tell("works-code", code_is_made());
    tell("works-memory-file", memory < 0 ? -1 : ftruncate(memory, MEBIBYTE));
    tell("works-socket", write(PARENT_SOCKET, "hello", 5));
    tell("works-pair", socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair));
    tell("works-signal-to-itself", kill(getpid(), 0));
    tell("works-death-with-parent", dies_with_parent());
    tell("works-processors", open("/sys/devices/system/cpu/online", O_RDONLY));
    tell("works-own-map", open("/proc/self/maps", O_RDONLY));
    tell("works-null", open("/dev/null", O_RDONLY));
}

static int call_as_32_bit(void) {
    int result = 0;
#ifdef __x86_64__
    __asm__ volatile("int $0x80" : "=a"(result) : "a"(20) : "memory");
#endif
    return result < 0;
}

int main(int count, char ** arguments) {
    if (count == 2) {
        return call_as_32_bit();
    }
    if (count != 8) {
        return 2;
    }
    model = arguments[5];
    secret = arguments[6];
    folder = arguments[7];
    signal(SIGCHLD, SIG_IGN);
    what_works();
    network(arguments);
    reading();
    writing();
    processes();
    destroying();
    privileges();
    printf("end 0\n");
    return 0;
}
