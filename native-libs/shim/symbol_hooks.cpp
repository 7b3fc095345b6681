// SPDX-License-Identifier: Apache-2.0
#include "symbol_hooks.h"

#ifdef __linux__
#include <elf.h>
#include <link.h>
#include <sys/mman.h>
#include <unistd.h>
#endif

#include <cstdint>
#include <cstring>

namespace puna {

#ifdef __linux__

namespace {

using Header  = ElfW(Phdr);
using Dynamic = ElfW(Dyn);
using Symbol  = ElfW(Sym);
using Place   = ElfW(Rela);

struct Search {
    const std::string & library;
    const std::vector<SymbolHook> & hooks;
    size_t changed;
};

bool is_file_of(const char * path, const std::string & library) {
    const char * slash = path ? std::strrchr(path, '/') : nullptr;
    const char * name  = slash ? slash + 1 : path;
    return name && std::strncmp(name, library.c_str(), library.size()) == 0;
}

// Addresses in the dynamic section are absolute in glibc and relative in others.
uintptr_t absolute(uintptr_t base, uintptr_t address) {
    return address < base ? base + address : address;
}

// A place may lie where the linker took back the right to write.
void store(const Header * sealed, uintptr_t base, uintptr_t address, void * value) {
    const auto page  = static_cast<uintptr_t>(sysconf(_SC_PAGESIZE));
    auto * const at  = reinterpret_cast<void *>(address & ~(page - 1));
    const bool closed = sealed && address >= base + sealed->p_vaddr && address < base + sealed->p_vaddr + sealed->p_memsz;
    if (closed && mprotect(at, page, PROT_READ | PROT_WRITE) != 0) {
        return;
    }
    __atomic_store_n(reinterpret_cast<void **>(address), value, __ATOMIC_RELEASE);
    if (closed) {
        mprotect(at, page, PROT_READ);
    }
}

int look_at(dl_phdr_info * info, size_t, void * given) {
    auto & search = *static_cast<Search *>(given);
    if (!is_file_of(info->dlpi_name, search.library)) {
        return 0;
    }
    const uintptr_t base    = info->dlpi_addr;
    const Header * sealed   = nullptr;
    const Dynamic * dynamic = nullptr;
    for (size_t i = 0; i < info->dlpi_phnum; i++) {
        const auto & header = info->dlpi_phdr[i];
        if (header.p_type == PT_GNU_RELRO) {
            sealed = &header;
        } else if (header.p_type == PT_DYNAMIC) {
            dynamic = reinterpret_cast<const Dynamic *>(base + header.p_vaddr);
        }
    }
    uintptr_t symbols = 0, names = 0, tables[2] = { 0, 0 };
    size_t sizes[2] = { 0, 0 };
    for (; dynamic && dynamic->d_tag != DT_NULL; dynamic++) {
        switch (dynamic->d_tag) {
            case DT_SYMTAB: symbols = absolute(base, dynamic->d_un.d_ptr); break;
            case DT_STRTAB: names = absolute(base, dynamic->d_un.d_ptr); break;
            case DT_JMPREL: tables[0] = absolute(base, dynamic->d_un.d_ptr); break;
            case DT_PLTRELSZ: sizes[0] = dynamic->d_un.d_val; break;
            case DT_RELA: tables[1] = absolute(base, dynamic->d_un.d_ptr); break;
            case DT_RELASZ: sizes[1] = dynamic->d_un.d_val; break;
            default: break;
        }
    }
    for (int table = 0; symbols && names && table < 2; table++) {
        const auto * place = reinterpret_cast<const Place *>(tables[table]);
        for (size_t i = 0; place && i < sizes[table] / sizeof(Place); i++) {
            const auto symbol = ELF64_R_SYM(place[i].r_info);
            if (symbol == 0 || place[i].r_addend != 0) {
                continue;
            }
            const auto * name =
                reinterpret_cast<const char *>(names) + reinterpret_cast<const Symbol *>(symbols)[symbol].st_name;
            for (const auto & hook : search.hooks) {
                if (std::strcmp(name, hook.symbol) == 0) {
                    store(sealed, base, base + place[i].r_offset, hook.replacement);
                    search.changed++;
                }
            }
        }
    }
    return 0;
}

}  // namespace

size_t hook_symbols(const std::string & library, const std::vector<SymbolHook> & hooks) {
    Search search{ library, hooks, 0 };
    dl_iterate_phdr(look_at, &search);
    return search.changed;
}

#else

size_t hook_symbols(const std::string &, const std::vector<SymbolHook> &) {
    return 0;
}

#endif

}  // namespace puna
