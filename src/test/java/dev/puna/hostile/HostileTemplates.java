// SPDX-License-Identifier: Apache-2.0
package dev.puna.hostile;

import java.util.List;
import java.util.Map;

/** Jinja templates that recurse, grow, never end, or ask for what is not there. */
final class HostileTemplates {
    private static final Map<String, String> TEXTS = Map.ofEntries(
            Map.entry("endless macro", "{% macro a() %}{{ a() }}{% endmacro %}{{ a() }}"),
            Map.entry(
                    "two macros",
                    "{% macro a() %}{{ b() }}{% endmacro %}{% macro b() %}{{ a() }}{% endmacro %}{{ a() }}"),
            Map.entry("a long range", "{% for i in range(1000000000) %}x{% endfor %}"),
            Map.entry("a long list", "{{ range(1000000000)|list|length }}"),
            Map.entry(
                    "loops in loops",
                    "{% for a in range(99999) %}{% for b in range(99999) %}{% for c in range(99999) %}{% endfor %}{% endfor %}{% endfor %}"),
            Map.entry("a long text", "{{ 'x' * 100000000000 }}"),
            Map.entry("many elements", "{{ [1] * 10000000000 }}"),
            Map.entry(
                    "doubled",
                    "{% set ns = namespace(x='xxxxxxxx') %}{% for i in range(99) %}{% set ns.x = ns.x ~ ns.x %}{% endfor %}{{ ns.x }}"),
            Map.entry("replaced", "{{ 'aaaaaaaa'" + "|replace('a','aaaaaaaa')".repeat(12) + " }}"),
            Map.entry("joined", "{% set a = range(1000)|join('x'*1000000) %}{{ a }}"),
            Map.entry("indented", "{{ messages|tojson(indent=1000000000) }}"),
            Map.entry("brackets", "{{ " + "(".repeat(20000) + "1" + ")".repeat(20000) + " }}"),
            Map.entry("lists in lists", "{{ " + "[".repeat(20000) + "]".repeat(20000) + " }}"),
            Map.entry("conditions", "{% if true %}".repeat(20000)),
            Map.entry("nots", "{{ " + "not ".repeat(100000) + "1 }}"),
            Map.entry("filters", "{{ 'a'" + "|upper".repeat(50000) + " }}"),
            Map.entry("not closed", "{% for m in messages %}{{ m.content"),
            Map.entry("no filter", "{{ messages|nothing_like_it }}"),
            Map.entry("raised", "{{ raise_exception('no') }}"),
            Map.entry("members of nothing", "{{ messages[99999].content.a.b.c }}"),
            Map.entry("divided by zero", "{{ 1 / 0 }}{{ 1 % 0 }}{{ 1 // 0 }}"),
            Map.entry("negative places", "{{ messages[-99].content[-5:-9:-0] }}"),
            Map.entry("a large number", "{{ 99999999999999999999999999 }}{{ -9223372036854775808 // -1 }}"),
            Map.entry("nothing", ""),
            Map.entry("control characters", "\u0000\u0001\uFFFF{{ '\\u0000' }}"),
            Map.entry("large", "x".repeat(8 << 20)));

    static final List<String> NAMES = TEXTS.keySet().stream().sorted().toList();

    private HostileTemplates() {}

    static String of(String name) {
        return TEXTS.getOrDefault(name, "");
    }
}
