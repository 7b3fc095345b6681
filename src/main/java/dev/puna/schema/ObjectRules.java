// SPDX-License-Identifier: Apache-2.0
package dev.puna.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.puna.schema.gbnf.Gbnf;
import dev.puna.schema.gbnf.Rules;
import dev.puna.schema.pattern.Pattern;
import dev.puna.schema.pattern.Regex;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Writes objects: described properties in the order of the schema, then those that it leaves open. */
final class ObjectRules {
    private static final int MOST_STATES = 20_000;

    private final SchemaContext context;
    private final Rules rules;
    private final ValueRules values;
    private final StringRules strings;
    private final Validity validity;

    ObjectRules(SchemaContext context, Rules rules, ValueRules values) {
        this.context = context;
        this.rules = rules;
        this.values = values;
        this.strings = new StringRules(context, rules);
        this.validity = new Validity(values.expansion());
    }

    /** A property with its name. */
    private record Entry(String rule, boolean required) {}

    /** An object; empty if there is none. */
    Optional<String> write(Branch branch, JsonNode place, String hint) {
        boolean anything = branch.objects.isEmpty()
                && branch.required.isEmpty()
                && branch.names.isEmpty()
                && branch.forbidden.isEmpty()
                && branch.fewestProperties == 0
                && branch.mostProperties < 0;
        if (anything) {
            return Optional.of(rules.shared("object"));
        }
        var entries = new ArrayList<Entry>();
        for (var name : branch.propertyNames()) {
            boolean required = branch.required.contains(name);
            var schemas = branch.property(name);
            boolean possible = values.possible(schemas) && validity.allows(branch.names, TextNode.valueOf(name));
            if (possible) {
                entries.add(new Entry(
                        pair(Gbnf.literal(TextNode.valueOf(name).toString()), values.rule(schemas, name)), required));
            } else if (required) {
                context.contradiction("the property \"" + name + "\" is required, and nothing satisfies it");
                return Optional.empty();
            }
        }
        var extra = branch.open() ? extra(branch, place, hint) : null;
        boolean counted = branch.fewestProperties
                        > entries.stream().filter(Entry::required).count()
                || (branch.mostProperties >= 0 && (extra != null || branch.mostProperties < entries.size()));
        var body = counted ? counted(branch, entries, extra, place) : Optional.of(sequence(entries, 0, extra));
        return body.map(inside -> "\"{\" " + rules.space() + " "
                + (inside.isEmpty() ? "" : inside + " " + rules.space() + " ") + "\"}\"");
    }

    private String pair(String name, String value) {
        return rules.define("kv", name + " " + rules.space() + " \":\" " + rules.space() + " " + value);
    }

    private String comma() {
        return "\",\" " + rules.space() + " ";
    }

    /** Nothing is written yet; the properties from an index on may come. */
    private String sequence(List<Entry> entries, int from, @Nullable String extra) {
        if (from == entries.size()) {
            return extra == null ? "" : "(" + extra + " (" + comma() + extra + ")*)?";
        }
        var entry = entries.get(from);
        var after = following(entries, from + 1, extra);
        if (entry.required()) {
            return entry.rule() + after;
        }
        // Each optional property may be the first: what follows it is a rule of its own.
        var choices = new ArrayList<String>();
        int first = from;
        var tails = tails(entries, from, extra);
        while (first < entries.size() && !entries.get(first).required()) {
            choices.add(entries.get(first).rule() + " " + tails.get(first));
            first++;
        }
        if (first < entries.size()) {
            choices.add(entries.get(first).rule() + following(entries, first + 1, extra));
            return "(" + String.join(" | ", choices) + ")";
        }
        if (extra != null) {
            choices.add(extra + " (" + comma() + extra + ")*");
        }
        return "(" + String.join(" | ", choices) + ")?";
    }

    /** For each optional property at the beginning what may follow it. */
    private Map<Integer, String> tails(List<Entry> entries, int from, @Nullable String extra) {
        int end = from;
        while (end < entries.size() && !entries.get(end).required()) {
            end++;
        }
        var tails = new HashMap<Integer, String>();
        var text = following(entries, end, extra).strip();
        for (int i = end - 1; i >= from; i--) {
            tails.put(i, rules.define("rest", text.isEmpty() ? "\"\"" : text));
            text = "(" + comma() + entries.get(i).rule() + ")? " + tails.get(i);
        }
        return tails;
    }

    /** Something is written already; the properties from an index on may follow. */
    private String following(List<Entry> entries, int from, @Nullable String extra) {
        var text = new StringBuilder();
        for (int i = from; i < entries.size(); i++) {
            var one = comma() + entries.get(i).rule();
            text.append(' ').append(entries.get(i).required() ? one : "(" + one + ")?");
        }
        if (extra != null) {
            text.append(" (").append(comma()).append(extra).append(")*");
        }
        return text.toString();
    }

    /** Counts what is written. Properties that nobody describes may repeat a name: more than one counts for one. */
    private Optional<String> counted(Branch branch, List<Entry> entries, @Nullable String extra, JsonNode place) {
        long most = branch.mostProperties;
        long cap = most >= 0 ? most : branch.fewestProperties;
        if (cap * entries.size() > MOST_STATES) {
            context.unsupported(place, most >= 0 ? "maxProperties" : "minProperties", " with so many properties");
            return Optional.of(sequence(entries, 0, extra));
        }
        var body = counted(entries, 0, 0, new Count(branch.fewestProperties, most, cap), extra, new LinkedHashMap<>());
        if (body.isEmpty() && branch.fewestProperties > 0) {
            context.unsupported(
                    place, "minProperties", " with more than the properties that are described and one other");
            return Optional.of(sequence(entries, 0, extra));
        }
        return body;
    }

    private record Count(long fewest, long most, long cap) {}

    private Optional<String> counted(
            List<Entry> entries,
            int from,
            long written,
            Count count,
            @Nullable String extra,
            Map<List<Long>, Optional<String>> known) {
        var key = List.of((long) from, written);
        var before = known.get(key);
        if (before != null) {
            return before;
        }
        Optional<String> result;
        if (from == entries.size()) {
            result = end(written, count, extra);
        } else {
            var choices = new ArrayList<String>();
            if (count.most < 0 || written < count.most) {
                counted(entries, from + 1, Math.min(count.cap, written + 1), count, extra, known)
                        .ifPresent(rest -> choices.add(
                                (written > 0 ? comma() : "") + entries.get(from).rule() + " " + rest));
            }
            if (!entries.get(from).required()) {
                counted(entries, from + 1, written, count, extra, known).ifPresent(choices::add);
            }
            result = choices.isEmpty()
                    ? Optional.empty()
                    : Optional.of(rules.define("count", String.join(" | ", choices)));
        }
        known.put(key, result);
        return result;
    }

    private Optional<String> end(long written, Count count, @Nullable String extra) {
        long missing = Math.max(0, count.fewest - written);
        long room = count.most < 0 ? Regex.UNBOUNDED : count.most - written;
        if (extra == null || room == 0) {
            return missing > 0 ? Optional.empty() : Optional.of("\"\"");
        }
        if (missing > 1) {
            return Optional.empty();
        }
        var next = "(" + comma() + extra + ")";
        var more = room < 0 ? next + "*" : rules.repeat(next, 0, room - 1);
        var all = written > 0 ? (room < 0 ? next + "*" : rules.repeat(next, 0, room)) : extra + " " + more;
        if (missing == 1) {
            return Optional.of(written > 0 ? next + " " + more : all);
        }
        return Optional.of(written > 0 ? all : "(" + all + ")?");
    }

    /** A property that nobody describes, with a name other than those described; null if there is none. */
    private @Nullable String extra(Branch branch, JsonNode place, String hint) {
        var taken = new ArrayList<>(branch.propertyNames());
        taken.addAll(branch.forbidden);
        branch.objects.forEach(part -> part.described().ifPresent(described -> taken.addAll(described.keySet())));
        var patterned = branch.objects.stream()
                .flatMap(part -> part.patterned().stream())
                .toList();
        var rest = branch.additional();
        if (patterned.isEmpty()) {
            return values.possible(rest) ? named(branch, List.of(), taken, rest, place, hint) : null;
        }
        boolean closed = !values.possible(rest)
                || branch.objects.stream().noneMatch(part -> part.additional().isPresent());
        if (patterned.size() > 1 || branch.objects.size() > 1 || !closed) {
            context.unsupported(place, "patternProperties", " with more than one pattern, or beside other properties");
            return null;
        }
        var schema = List.of(patterned.getFirst().schema());
        return values.possible(schema)
                ? named(branch, List.of(patterned.getFirst().pattern()), taken, schema, place, hint)
                : null;
    }

    private @Nullable String named(
            Branch branch,
            List<Pattern> patterns,
            Collection<String> taken,
            List<JsonNode> value,
            JsonNode place,
            String hint) {
        var choices = new ArrayList<String>();
        for (var names : values.expansion().of(branch.names)) {
            var all = names.copy();
            patterns.forEach(pattern -> all.conditions.add(
                    new Branch.StringCondition("patternProperties", "of the names", place, pattern)));
            if (names.values != null) {
                names.values.stream()
                        .filter(name -> name.isTextual() && !taken.contains(name.asText()))
                        .filter(name -> patterns.stream().allMatch(pattern -> context.matches(pattern, name.asText())))
                        .forEach(name -> choices.add(Gbnf.literal(name.toString())));
            } else if (names.types.contains(JsonType.STRING)) {
                var others = new ArrayList<>(taken);
                others.addAll(StringRules.texts(names.excluded));
                strings.write(all, others, place).ifPresent(choices::add);
            }
        }
        if (choices.isEmpty()) {
            return null;
        }
        return pair(
                choices.size() == 1 ? choices.getFirst() : "(" + String.join(" | ", choices) + ")",
                values.rule(value, hint + "-more"));
    }
}
