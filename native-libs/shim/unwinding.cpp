// SPDX-License-Identifier: Apache-2.0
// Compilers write down for each function which of its calls may throw and where such an exception goes on: the table of
// call sites in the language-specific data area (Itanium C++ ABI, "Exception Handling Tables"). A call that is in no row of its
// function's table is one whose exception ends the process, as the C++ runtime has it; a function without such a table
// lets everything through.
#include "unwinding.h"

#include <unwind.h>

#include <cstdint>
#include <cstring>
#include <exception>

namespace puna {

namespace {

// How a number is written there: the low four bits of an encoding of DWARF.
constexpr uint8_t OMITTED = 0xFF;
constexpr uint8_t FORMAT  = 0x0F;

// Reads what the tables are made of.
struct Reader {
    const uint8_t * at;
    bool knows = true;

    uint64_t uleb128() {
        uint64_t value = 0;
        for (unsigned shift = 0;; shift += 7) {
            const uint8_t byte = *at++;
            value |= shift < 64 ? static_cast<uint64_t>(byte & 0x7F) << shift : 0;
            if (!(byte & 0x80)) {
                return value;
            }
        }
    }

    template <typename Number>
    uint64_t plain() {
        Number value;
        std::memcpy(&value, at, sizeof value);
        at += sizeof value;
        return static_cast<uint64_t>(value);
    }

    uint64_t number(uint8_t encoding) {
        switch (encoding & FORMAT) {
            case 0x01: return uleb128();
            case 0x02: return plain<uint16_t>();
            case 0x03: return plain<uint32_t>();
            case 0x04: return plain<uint64_t>();
            case 0x0A: return plain<int16_t>();
            case 0x0B: return plain<int32_t>();
            case 0x0C: return plain<int64_t>();
            case 0x00: return plain<uintptr_t>();
            default: knows = false; return 0;
        }
    }
};

// Whether the call at `offset` of a function has a row in its table.
bool lets_through(const uint8_t * area, uint64_t offset) {
    Reader reader{ area };
    // Rows count from the function's beginning; where landing pads are based does not matter here.
    const uint8_t pads = *reader.at++;
    if (pads != OMITTED) {
        reader.number(pads);
    }
    if (*reader.at++ != OMITTED) {
        reader.uleb128();
    }
    const uint8_t encoding = *reader.at++;
    const uint64_t length  = reader.uleb128();
    const auto * const end = reader.at + length;
    while (reader.knows && reader.at < end) {
        const uint64_t first = reader.number(encoding);
        const uint64_t size  = reader.number(encoding);
        reader.number(encoding);
        reader.uleb128();
        if (offset < first) {
            return !reader.knows;
        }
        if (offset - first < size) {
            return true;
        }
    }
    return !reader.knows;
}

struct Walk {
    uintptr_t until;
    bool arrived;
};

// The runtime gives frames from the innermost on, each with the address that its stack pointer has.
_Unwind_Reason_Code look_at(_Unwind_Context * frame, void * given) {
    auto & walk = *static_cast<Walk *>(given);
    if (_Unwind_GetCFA(frame) > walk.until) {
        walk.arrived = true;
        return _URC_NORMAL_STOP;
    }
    const auto area = reinterpret_cast<uintptr_t>(_Unwind_GetLanguageSpecificData(frame));
    if (!area) {
        return _URC_NO_REASON;
    }
    int is_exact     = 0;
    const auto after = static_cast<uintptr_t>(_Unwind_GetIPInfo(frame, &is_exact));
    const auto call  = is_exact ? after : after - 1;
    const bool goes_on = lets_through(reinterpret_cast<const uint8_t *>(area), call - _Unwind_GetRegionStart(frame));
    return goes_on ? _URC_NO_REASON : _URC_NORMAL_STOP;
}

}  // namespace

bool may_throw(const void * until) {
    // What cleans up behind another exception must not throw.
    if (std::uncaught_exceptions() > 0) {
        return false;
    }
    Walk walk{ reinterpret_cast<uintptr_t>(until), false };
    _Unwind_Backtrace(look_at, &walk);
    return walk.arrived;
}

}  // namespace puna
