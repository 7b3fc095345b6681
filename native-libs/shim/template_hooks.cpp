// SPDX-License-Identifier: Apache-2.0
// llama.cpp's interpreter comes as a ready library, and knows no bound inside an expression: "x" * 10**11, a replace() that
// doubles, a comparison of lists that share their parts. Its relocations name the functions that can run long without allocating;
// those get ours. Without a TemplateRun on the thread all do as they always did.
#include "template_hooks.h"

#include "symbol_hooks.h"
#include "template_run.h"
#include "template_values.h"

#include "jinja/runtime.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <new>
#include <optional>
#include <string_view>

namespace puna {

namespace {

using jinja::func_args;
using jinja::func_builtins;
using jinja::mk_val;
using jinja::value;

constexpr int64_t LONGEST_RANGE = 100000;

// Searches must not throw; what searches again and again ends when nothing is found any more, and the run knows why.
// The library's own search takes the product of both lengths where texts repeat themselves; memmem() takes their sum.
size_t hooked_find(const std::string * text, const char * wanted, size_t from, size_t length) {
    if (from > text->size()) {
        return std::string::npos;
    }
    if (length == 0) {
        return from;
    }
    const auto * found =
        static_cast<const char *>(memmem(text->data() + from, text->size() - from, wanted, length));
    const size_t at = found ? static_cast<size_t>(found - text->data()) : std::string::npos;
    // What follows the place is often moved by the caller.
    return TemplateRun::is_over(text->size() - from) ? std::string::npos : at;
}

size_t hooked_rfind(const std::string * text, const char * wanted, size_t from, size_t length) {
    if (length > text->size()) {
        return std::string::npos;
    }
    for (size_t at = std::min(from, text->size() - length);; at--) {
        if (length == 0 || (text->data()[at] == *wanted && std::memcmp(text->data() + at, wanted, length) == 0)) {
            return at;
        }
        if (at == 0) {
            return std::string::npos;
        }
        if (text->data()[at] == *wanted && TemplateRun::is_over(length)) {
            return std::string::npos;
        }
    }
}

jinja::string & hooked_append(jinja::string * text, const jinja::string & other) {
    TemplateRun::check();
    return text->append(other);
}

// The library's takes each empty part out by moving all that follow it.
jinja::string hooked_strip(jinja::string * text, bool left, bool right, std::optional<const std::string_view> characters) {
    bool strips[256];
    for (int c = 0; c < 256; c++) {
        strips[c] = !characters && std::isspace(c);
    }
    for (const char c : characters.value_or(std::string_view())) {
        strips[static_cast<unsigned char>(c)] = true;
    }
    const auto is_stripped = [&](char c) { return strips[static_cast<unsigned char>(c)]; };
    auto & parts           = text->parts;
    if (left) {
        auto part = parts.begin();
        for (; part != parts.end(); ++part) {
            part->val.erase(part->val.begin(), std::find_if_not(part->val.begin(), part->val.end(), is_stripped));
            if (!part->val.empty()) {
                break;
            }
        }
        parts.erase(parts.begin(), part);
    }
    while (right && !parts.empty()) {
        auto & last = parts.back().val;
        last.erase(std::find_if_not(last.rbegin(), last.rend(), is_stripped).base(), last.end());
        if (!last.empty()) {
            break;
        }
        parts.pop_back();
    }
    return *text;
}

// Comparing lists asks first whether they can be hashed, on each level anew.
bool array_is_hashable(const jinja::value_array_t * array) {
    TemplateRun::check();
    return array->value_array_t::is_hashable();
}

bool object_is_hashable(const jinja::value_object_t * object) {
    TemplateRun::check();
    return object->value_object_t::is_hashable();
}

// These recurse by themselves.
void hooked_mark_used(value & marked, bool deep) {
    TemplateRun::check();
    marked->stats.used = true;
    if (!deep) {
        return;
    }
    for (auto & item : marked->val_arr) {
        hooked_mark_used(item, true);
    }
    for (auto & [key, item] : marked->val_obj) {
        hooked_mark_used(key, true);
        hooked_mark_used(item, true);
    }
}

void walk(const value & walked) {
    TemplateRun::check();
    for (const auto & item : walked->val_arr) {
        walk(item);
    }
    for (const auto & pair : walked->val_obj) {
        walk(pair.second);
    }
}

std::string hooked_to_json(const value & written, int indent, std::string_view between, std::string_view after_key) {
    walk(written);
    return jinja::value_to_json(written, indent, between, after_key);
}

std::string hooked_to_text(const value & written) {
    TemplateRun::check();
    return jinja::value_to_string_repr(written);
}

// The parts of a value whose turn to be freed has not come.
struct Waiting {
    std::vector<value> items;
    std::vector<std::pair<value, value>> pairs;
    jinja::func_handler function;
    Waiting * next;
};

constexpr size_t DEEPEST_FREEING = 200;
thread_local size_t freeing      = 0;
thread_local Waiting * waiting   = nullptr;

// A value frees what it holds by recursion, as deep as it is nested. Here it is done in turn from some depth on.
void hooked_destructor(jinja::value_t * freed) {
    if (freeing >= DEEPEST_FREEING && (!freed->val_arr.empty() || !freed->val_obj.empty() || freed->val_func)) {
        if (auto * later = new (std::nothrow) Waiting) {
            later->items.swap(freed->val_arr);
            later->pairs.swap(freed->val_obj);
            later->function.swap(freed->val_func);
            later->next = waiting;
            waiting     = later;
        }
    }
    freeing++;
    freed->value_t::~value_t();
    while (freeing == 1 && waiting) {
        auto * next = waiting;
        waiting     = next->next;
        delete next;
    }
    freeing--;
}

value range(const func_args & args) {
    args.ensure_vals<jinja::value_int, jinja::value_int, jinja::value_int>(true, false, false);
    const auto first = args.get_pos(0)->as_int();
    const auto begin = args.count() > 1 ? first : 0;
    const auto end   = args.count() > 1 ? args.get_pos(1)->as_int() : first;
    const auto step  = args.count() > 2 ? args.get_pos(2)->as_int() : 1;
    if (step == 0) {
        throw jinja::raised_exception("range() step argument must not be zero");
    }
    auto items = mk_val<jinja::value_array>();
    for (__int128 i = begin; step > 0 ? i < end : i > end; i += step) {
        if (items->as_array().size() == LONGEST_RANGE) {
            throw jinja::raised_exception("range() is too long");
        }
        items->push_back(mk_val<jinja::value_int>(static_cast<int64_t>(i)));
    }
    return items;
}

// The processor traps what it cannot divide.
value is_divisible(const func_args & args) {
    args.ensure_vals<jinja::value_int, jinja::value_int>();
    const auto divisor = args.get_pos(1)->as_int();
    if (divisor == 0) {
        throw jinja::raised_exception("divisibleby: division by zero");
    }
    return mk_val<jinja::value_bool>(divisor == -1 || args.get_pos(0)->as_int() % divisor == 0);
}

// A step beyond the length does as one of the length does, but does not overflow.
value slice(const jinja::func_handler & original, const func_args & args) {
    constexpr int64_t FAR = int64_t(1) << 40;
    func_args bounded(args.ctx);
    for (const auto & arg : args.get_args()) {
        const bool is_far = jinja::is_val<jinja::value_int>(arg) && (arg->as_int() > FAR || arg->as_int() < -FAR);
        bounded.push_back(is_far ? mk_val<jinja::value_int>(arg->as_int() > 0 ? FAR : -FAR) : arg);
    }
    return original(bounded);
}

// What an item is sorted by.
value sort_key(const value & item, const value & attribute) {
    if (attribute->is_undefined()) {
        return item;
    }
    if (jinja::is_val<jinja::value_int>(attribute) && jinja::is_val<jinja::value_array>(item)) {
        return item->at(attribute->as_int());
    }
    if (!jinja::is_val<jinja::value_int>(attribute) && jinja::is_val<jinja::value_object>(item)) {
        return item->at(attribute);
    }
    throw jinja::raised_exception("sort: " + item->type() + " has no such attribute");
}

// The library uses std::sort, which reads beyond the end where an order contradicts itself, as that of numbers and texts does.
value sort(const func_args & args) {
    args.ensure_count(1, 4);
    const auto given = args.get_pos(0);
    if (!jinja::is_val<jinja::value_array>(given)) {
        throw jinja::raised_exception("sort: first argument must be an array");
    }
    const auto order =
        args.get_kwarg_or_pos("reverse", 1)->as_bool() ? jinja::value_compare_op::gt : jinja::value_compare_op::lt;
    const auto attribute = args.get_kwarg_or_pos("attribute", 3);
    auto items           = given->as_array();
    std::stable_sort(items.begin(), items.end(), [&](const value & a, const value & b) {
        TemplateRun::check();
        return jinja::value_compare(sort_key(a, attribute), sort_key(b, attribute), order);
    });
    if (jinja::is_val<jinja::value_tuple>(given)) {
        return mk_val<jinja::value_tuple>(std::move(items));
    }
    return mk_val<jinja::value_array>(std::move(items));
}

value dictsort(const func_args & args) {
    auto given       = args.get_pos(0);
    const auto by    = args.get_kwarg_or_pos("by", 2);
    const bool value_of = jinja::is_val<jinja::value_string>(by) && by->as_string().str() == "value";
    const auto order =
        args.get_kwarg_or_pos("reverse", 3)->as_bool() ? jinja::value_compare_op::gt : jinja::value_compare_op::lt;
    auto result = mk_val<jinja::value_object>(given);
    std::stable_sort(result->val_obj.begin(), result->val_obj.end(), [&](const auto & a, const auto & b) {
        TemplateRun::check();
        return jinja::value_compare(value_of ? a.second : a.first, value_of ? b.second : b.first, order);
    });
    return result;
}

func_builtins replaced(func_builtins builtins, const func_builtins & ours) {
    for (const auto & [name, function] : ours) {
        builtins[name] = function;
    }
    return builtins;
}

func_builtins with_bounded_slice(const func_builtins & builtins) {
    const auto original = builtins.at("slice");
    return replaced(builtins, { { "slice", [original](const func_args & args) { return slice(original, args); } } });
}

const func_builtins & hooked_global_builtins() {
    static const auto all =
        replaced(jinja::global_builtins(), { { "range", range }, { "test_is_divisibleby", is_divisible } });
    return all;
}

// The library copies all functions there are each time a name is looked up, which takes more time than all else.
value hooked_identifier(const jinja::identifier * node, jinja::context & context) {
    const auto * known = find_variable(context, node->val);
    if (known && !(*known)->is_undefined()) {
        if (context.is_get_stats) {
            (*known)->stats.used = true;
        }
        return *known;
    }
    const auto & functions = hooked_global_builtins();
    const auto function    = functions.find(node->val);
    if (function != functions.end()) {
        return mk_val<jinja::value_func>(node->val, function->second);
    }
    return mk_val<jinja::value_undefined>(node->val);
}

const func_builtins & hooked_array_builtins(const jinja::value_array_t * array) {
    static const auto all =
        replaced(with_bounded_slice(array->value_array_t::get_builtins()), { { "sort", sort } });
    return all;
}

const func_builtins & hooked_string_builtins(const jinja::value_string_t * text) {
    static const auto all = with_bounded_slice(text->value_string_t::get_builtins());
    return all;
}

const func_builtins & hooked_object_builtins(const jinja::value_object_t * object) {
    const auto & original = object->value_object_t::get_builtins();
    if (original.empty()) {
        return original;
    }
    static const auto all = replaced(original, { { "dictsort", dictsort } });
    return all;
}

template <typename Function>
void * address(Function * function) {
    return reinterpret_cast<void *>(function);
}

}  // namespace

void hook_interpreter() {
    static std::once_flag once;
    std::call_once(once, [] {
        // So that what they remember is no part of a template's run.
        jinja::value_string_t text;
        jinja::value_array_t array;
        jinja::value_object_t object;
        hooked_global_builtins();
        hooked_string_builtins(&text);
        hooked_array_builtins(&array);
        hooked_object_builtins(&object);
        hook_symbols("libllama-common.", value_hooks());
        hook_symbols(
            "libllama-common.",
            {
                { "_ZNKSt7__cxx1112basic_stringIcSt11char_traitsIcESaIcEE4findEPKcmm", address(hooked_find) },
                { "_ZNKSt7__cxx1112basic_stringIcSt11char_traitsIcESaIcEE5rfindEPKcmm", address(hooked_rfind) },
                { "_ZN5jinja6string6appendERKS0_", address(hooked_append) },
                { "_ZN5jinja6string5stripEbbSt8optionalIKSt17basic_string_viewIcSt11char_traitsIcEEE",
                  address(hooked_strip) },
                { "_ZNK5jinja13value_array_t11is_hashableEv", address(array_is_hashable) },
                { "_ZNK5jinja14value_object_t11is_hashableEv", address(object_is_hashable) },
                { "_ZN5jinja7value_t7stats_t9mark_usedERSt10shared_ptrIS0_Eb", address(hooked_mark_used) },
                { "_ZN5jinja13value_to_jsonB5cxx11ERKSt10shared_ptrINS_7value_tEEiSt17basic_string_viewIcSt11char_traitsIcEES8_",
                  address(hooked_to_json) },
                { "_ZN5jinja20value_to_string_reprB5cxx11ERKSt10shared_ptrINS_7value_tEE", address(hooked_to_text) },
                { "_ZN5jinja7value_tD1Ev", address(hooked_destructor) },
                { "_ZN5jinja7value_tD2Ev", address(hooked_destructor) },
                { "_ZNK5jinja10identifier12execute_implERNS_7contextE", address(hooked_identifier) },
                { "_ZN5jinja15global_builtinsB5cxx11Ev", address(hooked_global_builtins) },
                { "_ZNK5jinja13value_array_t12get_builtinsB5cxx11Ev", address(hooked_array_builtins) },
                { "_ZNK5jinja14value_string_t12get_builtinsB5cxx11Ev", address(hooked_string_builtins) },
                { "_ZNK5jinja14value_object_t12get_builtinsB5cxx11Ev", address(hooked_object_builtins) },
            });
    });
}

}  // namespace puna
