// SPDX-License-Identifier: Apache-2.0
// Landlock and capabilities by the kernel's own calls and numbers (landlock(7), capabilities(7)), which the C library has no names
// for or which the headers of the system that builds this may be too old for.
#define _GNU_SOURCE
#include "lock.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

__attribute__((format(printf, 3, 4))) static void say(char * error, size_t size, const char * format, ...) {
    if (error && size > 0) {
        va_list values;
        va_start(values, format);
        vsnprintf(error, size, format, values);
        va_end(values);
    }
}

#ifdef __linux__

#include "lock_filter.h"

#include <elf.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/capability.h>
#include <linux/seccomp.h>
#include <stdbool.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

enum {
    LANDLOCK_CREATE_RULESET = 444,
    LANDLOCK_ADD_RULE = 445,
    LANDLOCK_RESTRICT_SELF = 446,
    LANDLOCK_CREATE_RULESET_VERSION_FLAG = 1,
    LANDLOCK_RULE_PATH = 1,
    MEMORY_DEVICES = 1, // the major number of /dev/null and its like
};

// LANDLOCK_ACCESS_FS_...
enum {
    EXECUTE = 1 << 0,
    WRITE_FILE = 1 << 1,
    READ_FILE = 1 << 2,
    READ_FOLDER = 1 << 3,
    REMOVE_FILE = 1 << 5,
    MAKE_FOLDER = 1 << 7,
    MAKE_FILE = 1 << 8,
    ALL_OF_ABI_1 = (1 << 13) - 1,
    MOVE = 1 << 13,     // ABI 2
    TRUNCATE = 1 << 14, // ABI 3
    ASK = 1 << 15,      // ABI 5: ioctl(2) on devices
    OF_FILES = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE | ASK,
    BIND_AND_CONNECT = 3,      // LANDLOCK_ACCESS_NET_..., ABI 4
    SOCKETS_AND_SIGNALS = 3,   // LANDLOCK_SCOPE_..., ABI 6
};

enum {
    NOROOT = 1 << 0,
    NO_SETUID_FIXUP = 1 << 2,
    NO_AMBIENT_RAISE = 1 << 6,
    // Each of these has the bit that locks it beside it; SECBIT_KEEP_CAPS is only locked.
    SECURE_BITS = NOROOT | NOROOT << 1 | NO_SETUID_FIXUP | NO_SETUID_FIXUP << 1 | NO_AMBIENT_RAISE | NO_AMBIENT_RAISE << 1 | 1 << 5,
    MOST_CAPABILITIES = 64,
};

struct landlock_attributes {
    uint64_t files;
    uint64_t network;
    uint64_t scopes;
};

struct landlock_path {
    uint64_t allowed;
    int32_t parent;
} __attribute__((packed));

struct rule {
    uint32_t allowed;
    char * path;
};

struct puna_lock {
    uint32_t wanted;
    int abi;
    bool has_devices;
    bool may_write;
    size_t count;
    size_t room;
    struct rule * rules;
};

int32_t puna_lock_landlock(void) {
    long abi = syscall(LANDLOCK_CREATE_RULESET, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION_FLAG);
    return abi < 0 ? -errno : (int32_t) abi;
}

int32_t puna_lock_filter(void) {
    uint32_t action = SECCOMP_RET_ERRNO;
    return syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action) < 0 ? -errno : 0;
}

// Rights that a kernel of this ABI knows.
static uint32_t known_rights(int abi) {
    return ALL_OF_ABI_1 | (abi >= 2 ? MOVE : 0) | (abi >= 3 ? TRUNCATE : 0) | (abi >= 5 ? ASK : 0);
}

static bool is_device(const struct stat * facts) {
    return S_ISDIR(facts->st_mode) || (S_ISCHR(facts->st_mode) && major(facts->st_rdev) != MEMORY_DEVICES);
}

// What a path may be allowed of some rights. A folder in /dev that is only read would let all devices in it be opened.
static uint32_t fitting(const char * path, const struct stat * facts, uint32_t allowed) {
    static const char DEVICES[] = "/dev/";
    if (!S_ISDIR(facts->st_mode)) {
        return allowed & OF_FILES;
    }
    return strncmp(path, DEVICES, sizeof DEVICES - 1) == 0 && !(allowed & ASK) ? allowed & READ_FOLDER : allowed;
}

static bool allow(struct puna_lock * lock, const char * path, uint32_t allowed) {
    struct stat facts;
    if (stat(path, &facts) < 0) {
        return true;
    }
    if (lock->count == lock->room) {
        size_t room = lock->room ? 2 * lock->room : 32;
        struct rule * larger = realloc(lock->rules, room * sizeof(struct rule));
        if (!larger) {
            return false;
        }
        lock->rules = larger;
        lock->room = room;
    }
    lock->has_devices |= (allowed & ASK) && is_device(&facts);
    lock->may_write |= (allowed & TRUNCATE) != 0;
    struct rule * rule = &lock->rules[lock->count];
    rule->allowed = fitting(path, &facts, allowed);
    rule->path = strdup(path);
    lock->count += rule->path != NULL;
    return rule->path != NULL;
}

static bool allow_all(struct puna_lock * lock, const char * const * paths, uint32_t allowed) {
    for (; paths && *paths; paths++) {
        if (!allow(lock, *paths, allowed)) {
            return false;
        }
    }
    return true;
}

// The file that the kernel runs instead of a dynamically linked program (PT_INTERP); empty if there is none.
static void read_linker(const char * program, char * linker, size_t size) {
    Elf64_Ehdr header;
    Elf64_Phdr part;
    linker[0] = 0;
    int file = open(program, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (file < 0) {
        return;
    }
    if (pread(file, &header, sizeof header, 0) == sizeof header && memcmp(header.e_ident, ELFMAG, SELFMAG) == 0
        && header.e_ident[EI_CLASS] == ELFCLASS64) {
        for (int i = 0; i < header.e_phnum; i++) {
            off_t at = (off_t) (header.e_phoff + (uint64_t) i * sizeof part);
            if (pread(file, &part, sizeof part, at) != sizeof part) {
                break;
            }
            if (part.p_type == PT_INTERP && part.p_filesz < size) {
                ssize_t length = pread(file, linker, part.p_filesz, (off_t) part.p_offset);
                linker[length < 0 ? 0 : length] = 0;
                break;
            }
        }
    }
    close(file);
}

static bool allow_programs(struct puna_lock * lock, const char * const * programs) {
    char linker[PATH_MAX];
    for (; programs && *programs; programs++) {
        read_linker(*programs, linker, sizeof linker);
        if (!allow(lock, *programs, READ_FILE | EXECUTE) || (*linker && !allow(lock, linker, READ_FILE | EXECUTE))) {
            return false;
        }
    }
    return true;
}

struct puna_lock * puna_lock_prepare(const struct puna_lock_rules * rules, uint32_t wanted, char * error, size_t error_size) {
    struct puna_lock * lock = calloc(1, sizeof *lock);
    if (lock) {
        lock->wanted = wanted;
        lock->abi = puna_lock_landlock();
    }
    if (!lock || !allow_programs(lock, rules->runnable) || !allow_all(lock, rules->readable, READ_FILE | READ_FOLDER)
        || !allow_all(lock, rules->usable, READ_FILE | WRITE_FILE | READ_FOLDER | ASK)
        || !allow_all(lock, rules->writable, READ_FILE | WRITE_FILE | READ_FOLDER | TRUNCATE | MAKE_FILE | MAKE_FOLDER | REMOVE_FILE)) {
        puna_lock_free(lock);
        say(error, error_size, "There is not enough memory to list the files of a child.");
        return NULL;
    }
    return lock;
}

void puna_lock_free(struct puna_lock * lock) {
    if (lock) {
        for (size_t i = 0; i < lock->count; i++) {
            free(lock->rules[i].path);
        }
        free(lock->rules);
        free(lock);
    }
}

static void add_rules(const struct puna_lock * lock, int ruleset, uint32_t rights) {
    for (size_t i = 0; i < lock->count; i++) {
        struct landlock_path path = {
            .allowed = lock->rules[i].allowed & rights,
            .parent = open(lock->rules[i].path, O_PATH | O_CLOEXEC),
        };
        if (path.parent >= 0) {
            // What cannot be added stays forbidden.
            syscall(LANDLOCK_ADD_RULE, ruleset, LANDLOCK_RULE_PATH, &path, 0);
            close(path.parent);
        }
    }
}

// Abstract sockets are of the network as much as of other processes.
static uint32_t restrict_by_landlock(const struct puna_lock * lock) {
    uint32_t wanted = lock->wanted;
    if (lock->abi < 1 || !(wanted & PUNA_LOCK_FILES)) {
        return 0;
    }
    uint32_t rights = known_rights(lock->abi);
    rights &= ~(wanted & PUNA_LOCK_TRUNCATION ? 0U : (uint32_t) TRUNCATE);
    rights &= ~(wanted & PUNA_LOCK_DEVICE_COMMANDS ? 0U : (uint32_t) ASK);
    bool network = lock->abi >= 4 && wanted & PUNA_LOCK_TCP;
    bool scopes = lock->abi >= 6 && wanted & PUNA_LOCK_OTHER_PROCESSES;
    struct landlock_attributes attributes = {
        .files = rights,
        .network = network ? BIND_AND_CONNECT : 0,
        .scopes = scopes ? SOCKETS_AND_SIGNALS : 0,
    };
    int ruleset = (int) syscall(LANDLOCK_CREATE_RULESET, &attributes, sizeof attributes, 0);
    if (ruleset < 0) {
        return 0;
    }
    add_rules(lock, ruleset, rights);
    bool done = syscall(LANDLOCK_RESTRICT_SELF, ruleset, 0) == 0;
    close(ruleset);
    return !done ? 0
                 : PUNA_LOCK_FILES | (rights & TRUNCATE ? PUNA_LOCK_TRUNCATION : 0) | (rights & ASK ? PUNA_LOCK_DEVICE_COMMANDS : 0)
            | (network ? PUNA_LOCK_TCP : 0) | (scopes ? PUNA_LOCK_OTHER_PROCESSES : 0);
}

// Root, too, has none after the program has begun. What this process may not drop it does not have, or NO_NEW_PRIVS keeps it away.
static bool drop_capabilities(void) {
    for (int capability = 0; capability < MOST_CAPABILITIES; capability++) {
        prctl(PR_CAPBSET_DROP, capability, 0, 0, 0);
    }
    prctl(PR_SET_SECUREBITS, SECURE_BITS, 0, 0, 0);
    prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
    struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
    struct __user_cap_data_struct none[2];
    memset(none, 0, sizeof none);
    syscall(SYS_capset, &header, none);
    struct __user_cap_data_struct left[2];
    return syscall(SYS_capget, &header, left) == 0 && memcmp(left, none, sizeof left) == 0;
}

uint32_t puna_lock_apply_before(
    const struct puna_lock * lock, const char * program, char * const * arguments, char * const * environment) {
    uint32_t wanted = lock->wanted;
    uint32_t done = 0;
    if (wanted & PUNA_LOCK_NO_NEW_PRIVILEGES && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0) {
        done |= PUNA_LOCK_NO_NEW_PRIVILEGES;
    }
    if (wanted & PUNA_LOCK_NO_CAPABILITIES && drop_capabilities()) {
        done |= PUNA_LOCK_NO_CAPABILITIES;
    }
    done |= restrict_by_landlock(lock);
    struct puna_filter filter = { lock->has_devices, lock->may_write, program, arguments, environment };
    if (wanted & PUNA_LOCK_SYSTEM_CALLS && puna_filter_apply(&filter)) {
        done |= PUNA_LOCK_SYSTEM_CALLS;
    }
    return done;
}

#else

struct puna_lock * puna_lock_prepare(const struct puna_lock_rules * rules, uint32_t wanted, char * error, size_t error_size) {
    (void) rules;
    (void) wanted;
    say(error, error_size, "Children can be locked up on Linux only.");
    return NULL;
}

void puna_lock_free(struct puna_lock * lock) {
    (void) lock;
}

uint32_t puna_lock_apply_before(
    const struct puna_lock * lock, const char * program, char * const * arguments, char * const * environment) {
    (void) lock;
    (void) program;
    (void) arguments;
    (void) environment;
    return 0;
}

int32_t puna_lock_landlock(void) {
    return -ENOSYS;
}

int32_t puna_lock_filter(void) {
    return -ENOSYS;
}

#endif
