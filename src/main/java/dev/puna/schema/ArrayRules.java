// SPDX-License-Identifier: Apache-2.0
package dev.puna.schema;

import com.fasterxml.jackson.databind.JsonNode;
import dev.puna.schema.gbnf.Rules;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Writes lists. What stands at given places is written in full unless the schema says that less is enough. */
final class ArrayRules {
    private final SchemaContext context;
    private final Rules rules;
    private final ValueRules values;

    ArrayRules(SchemaContext context, Rules rules, ValueRules values) {
        this.context = context;
        this.rules = rules;
        this.values = values;
    }

    /** A list; empty if there is none. */
    Optional<String> write(Branch branch, JsonNode place, String hint) {
        if (branch.arrays.isEmpty() && branch.fewestItems == 0 && branch.mostItems < 0 && !branch.unique) {
            return Optional.of(rules.shared("array"));
        }
        context.refuseUnreachable(place, "minItems", branch.fewestItems);
        int prefix = branch.prefix();
        boolean restGiven = branch.arrays.stream().anyMatch(part -> part.rest().isPresent());
        long most = branch.mostItems;
        if (prefix > 0 && !restGiven && (most < 0 || most > prefix) && branch.fewestItems <= prefix) {
            most = prefix;
        }
        for (int i = 0; i <= prefix && (most < 0 || i < most); i++) {
            if (!values.possible(branch.item(i))) {
                most = i;
            }
        }
        long least = branch.fewestGiven || (most >= 0 && most < prefix)
                ? branch.fewestItems
                : Math.max(prefix, branch.fewestItems);
        if (most >= 0 && least > most) {
            context.contradiction("a list has no element that it must have");
            return Optional.empty();
        }
        if (branch.unique && (most < 0 || most > 1)) {
            context.unsupported(place, "uniqueItems", " for lists of more than one element");
        }
        var items = items(branch, prefix, least, most, hint);
        return Optional.of(
                "\"[\" " + rules.space() + " " + (items.isEmpty() ? "" : items + rules.space() + " ") + "\"]\"");
    }

    private String items(Branch branch, int prefix, long least, long most, String hint) {
        if (most == 0) {
            return "";
        }
        var first = new ArrayList<String>();
        for (int i = 0; i < prefix && (most < 0 || i < most); i++) {
            first.add(values.rule(branch.item(i), hint + "-" + i));
        }
        var tail = most >= 0 && most <= prefix
                ? ""
                : rest(branch, Math.max(0, least - prefix), most < 0 ? most : most - prefix, prefix > 0, hint);
        return chain(first, least, tail);
    }

    private String rest(Branch branch, long least, long most, boolean follows, String hint) {
        var item = values.rule(branch.item(branch.prefix()), hint + "-item");
        var next = "(\",\" " + rules.space() + " " + item + ")";
        if (follows) {
            return repeated(next, least, most);
        }
        var more = repeated(next, Math.max(0, least - 1), most < 0 ? most : most - 1);
        var all = item + (more.isEmpty() ? "" : " " + more);
        return least == 0 ? "(" + all + ")?" : all;
    }

    private String repeated(String next, long least, long most) {
        return most < 0 && least == 0 ? next + "*" : rules.repeat(next, least, most);
    }

    private String chain(List<String> first, long least, String tail) {
        var text = tail;
        for (int i = first.size() - 1; i >= 0; i--) {
            var item =
                    (i == 0 ? "" : "\",\" " + rules.space() + " ") + first.get(i) + (text.isEmpty() ? "" : " " + text);
            text = i < least ? item : "(" + item + ")?";
        }
        return text.isEmpty() ? "" : text + " ";
    }
}
