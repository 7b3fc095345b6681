// SPDX-License-Identifier: Apache-2.0
#include "template_values.h"

#include <memory>
#include <new>
#include <stdexcept>
#include <string>

namespace puna {

namespace {

using jinja::value;
using jinja::value_object_t;

// What is private may be named where a template is instantiated by hand.
template <auto Member>
struct Opened {
    friend jinja::value_object & variables(jinja::context & scope) { return scope.*Member; }
};
jinja::value_object & variables(jinja::context & scope);
template struct Opened<&jinja::context::env>;

const value_object_t & variables_of(const jinja::context & scope) {
    return *variables(const_cast<jinja::context &>(scope));
}

void require_key(const value & key) {
    if (!key->is_immutable() || !key->is_hashable()) {
        throw std::runtime_error("Object key of unhashable type: " + key->type());
    }
}

void hooked_insert(value_object_t * object, const value & key, const value & inserted) {
    require_key(key);
    if (object->is_immutable()) {
        throw std::runtime_error("Attempting to modify immutable type");
    }
    const auto [place, is_new] = object->unordered.try_emplace(key, inserted);
    if (is_new) {
        object->val_obj.emplace_back(key, inserted);
        return;
    }
    place->second = inserted;
    for (auto & pair : object->val_obj) {
        if (*pair.first == *key) {
            pair.second = inserted;
            return;
        }
    }
}

void hooked_insert_named(value_object_t * object, const std::string & name, const value & inserted) {
    object->insert(jinja::mk_val<jinja::value_string>(name), inserted);
}

value & hooked_at(value_object_t * object, const value & key, value & otherwise) {
    require_key(key);
    const auto found = object->unordered.find(key);
    return found == object->unordered.end() ? otherwise : found->second;
}

// A scope within another: all its variables, in their order. In the place of a constructor, so the memory holds nothing yet.
void hooked_scope(jinja::context * scope, const jinja::context & parent) {
    const auto & given = variables_of(parent);
    auto copy          = jinja::mk_val<jinja::value_object>();
    copy->has_builtins = false;
    copy->val_obj      = given.val_obj;
    copy->unordered    = given.unordered;
    new (&scope->src) auto(parent.src);
    new (&scope->visitor) jinja::visitor_fn();
    new (&variables(*scope)) jinja::value_object(std::move(copy));
    scope->current_time = parent.current_time;
    scope->is_get_stats = parent.is_get_stats;
}

}  // namespace

const value * find_variable(const jinja::context & scope, const std::string & name) {
    const auto & known = variables_of(scope).unordered;
    const auto found   = known.find(jinja::mk_val<jinja::value_string>(name));
    return found == known.end() ? nullptr : &found->second;
}

std::vector<SymbolHook> value_hooks() {
    return {
        { "_ZN5jinja7contextC1ERKS0_", reinterpret_cast<void *>(hooked_scope) },
        { "_ZN5jinja7contextC2ERKS0_", reinterpret_cast<void *>(hooked_scope) },
        { "_ZN5jinja14value_object_t6insertERKSt10shared_ptrINS_7value_tEES5_",
          reinterpret_cast<void *>(hooked_insert) },
        { "_ZN5jinja14value_object_t6insertERKNSt7__cxx1112basic_stringIcSt11char_traitsIcESaIcEEERKSt10shared_ptrINS_7value_tEE",
          reinterpret_cast<void *>(hooked_insert_named) },
        { "_ZN5jinja14value_object_t2atERKSt10shared_ptrINS_7value_tEERS3_", reinterpret_cast<void *>(hooked_at) },
    };
}

}  // namespace puna
