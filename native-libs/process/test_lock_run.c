// SPDX-License-Identifier: Apache-2.0
// Runs a program locked up: test_lock_run WANTED [x:PROGRAM | r:PATH | u:PATH | w:PATH]... -- ARGUMENT... The first line of its
// output is "locks" and the bits in force; the program is the first argument.
#define _GNU_SOURCE
#include "lock.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MOST = 1024 };

static const char * lists[4][MOST];
static int counts[4];

static int failed(const char * what) {
    perror(what);
    return 125;
}

int main(int count, char ** arguments) {
    static const char KINDS[] = "xruw";
    int at = 2;
    for (; at < count && strcmp(arguments[at], "--") != 0; at++) {
        const char * kind = strchr(KINDS, arguments[at][0]);
        if (!kind || arguments[at][1] != ':' || counts[kind - KINDS] == MOST - 1) {
            return failed(arguments[at]);
        }
        lists[kind - KINDS][counts[kind - KINDS]++] = arguments[at] + 2;
    }
    if (at + 1 >= count) {
        return failed("no program");
    }
    char error[256] = "";
    struct puna_lock_rules rules = { lists[0], lists[1], lists[2], lists[3] };
    struct puna_lock * lock = puna_lock_prepare(&rules, (uint32_t) strtoul(arguments[1], NULL, 0), error, sizeof error);
    if (!lock) {
        return failed(error);
    }
    char ** program = arguments + at + 1;
    uint32_t locks = puna_lock_apply_before(lock, program[0], program, environ);
    dprintf(STDOUT_FILENO, "locks %u\n", locks);
    execve(program[0], program, environ);
    return failed(program[0]);
}
