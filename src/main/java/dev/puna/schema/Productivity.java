// SPDX-License-Identifier: Apache-2.0
package dev.puna.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/**
 * Finds the schemas that some finite value satisfies, as one finds the productive non-terminals of a grammar: those with a value
 * that holds no others, then those whose values need hold none but of productive ones, until there are no more. A schema whose
 * values would all hold another of its kind is not among them: an answer to it would have no end.
 */
final class Productivity {
    private final Expansion expansion;
    private final ScalarCheck scalars;
    private final Validity validity;
    private final Set<Together> decided = new HashSet<>();
    private final Set<Together> productive = new HashSet<>();

    /** Whether a branch has values of a type that holds no others. */
    interface ScalarCheck {
        boolean some(Branch branch, JsonType type, JsonNode place);
    }

    Productivity(Expansion expansion, ScalarCheck scalars) {
        this.expansion = expansion;
        this.scalars = scalars;
        this.validity = new Validity(expansion);
    }

    /** Whether a finite value satisfies all of the schemas. */
    boolean of(List<JsonNode> schemas) {
        var key = Together.of(schemas);
        if (!decided.contains(key)) {
            decide(key);
        }
        return productive.contains(key);
    }

    /** Whether a branch has finite values of a type. */
    boolean of(Branch branch, JsonType type, JsonNode place) {
        return some(branch, type, place, this::of);
    }

    /** Why a branch has no finite values of a type; empty if the reason is not in what they hold. */
    Optional<String> reason(Branch branch, JsonType type) {
        if (type == JsonType.ARRAY) {
            return IntStream.rangeClosed(0, branch.prefix())
                    .mapToObj(branch::item)
                    .filter(item -> !of(item))
                    .findFirst()
                    .map(item -> "a list must have elements, and " + why(item));
        }
        return branch.required.stream()
                .filter(name -> type == JsonType.OBJECT && !of(branch.property(name)))
                .findFirst()
                .map(name -> "the property \"" + name + "\" is required, and " + why(branch.property(name)));
    }

    private String why(List<JsonNode> schemas) {
        return expansion.possible(schemas)
                ? "each of its values would have to hold another, without end"
                : "nothing satisfies it";
    }

    /** Decides a schema and all that its values must hold. Whoever asks for something undecided is asked again once it is there. */
    private void decide(Together first) {
        Map<Together, Set<Together>> dependents = new HashMap<>();
        var found = new LinkedHashSet<Together>();
        var waiting = new ArrayDeque<Together>();
        found.add(first);
        waiting.add(first);
        while (!waiting.isEmpty()) {
            var key = waiting.removeLast();
            boolean some = !productive.contains(key)
                    && some(key, schemas -> {
                        var other = Together.of(schemas);
                        if (decided.contains(other) || productive.contains(other)) {
                            return productive.contains(other);
                        }
                        dependents
                                .computeIfAbsent(other, _ -> new LinkedHashSet<>())
                                .add(key);
                        if (found.add(other)) {
                            waiting.add(other);
                        }
                        return false;
                    });
            if (some) {
                productive.add(key);
                waiting.addAll(dependents.getOrDefault(key, Set.of()));
            }
        }
        decided.addAll(found);
    }

    private boolean some(Together key, Predicate<List<JsonNode>> known) {
        if (key.schemas().isEmpty()) {
            return true;
        }
        for (var branch : expansion.of(key.schemas())) {
            if (branch.values != null) {
                return true;
            }
            for (var type : branch.types) {
                if (branch.writtenTypes().contains(type)
                        && some(branch, type, key.schemas().getFirst(), known)) {
                    return true;
                }
            }
        }
        return false;
    }

    private boolean some(Branch branch, JsonType type, JsonNode place, Predicate<List<JsonNode>> known) {
        return switch (type) {
            case NULL, BOOLEAN, NUMBER, STRING -> scalars.some(branch, type, place);
            case ARRAY -> array(branch, known);
            case OBJECT -> object(branch, known);
        };
    }

    private static boolean array(Branch branch, Predicate<List<JsonNode>> known) {
        for (int i = 0; i < branch.fewestItems && i <= branch.prefix(); i++) {
            if (!known.test(branch.item(i))) {
                return false;
            }
        }
        return true;
    }

    private boolean object(Branch branch, Predicate<List<JsonNode>> known) {
        if (branch.mostProperties >= 0 && branch.required.size() > branch.mostProperties) {
            return false;
        }
        for (var name : branch.required) {
            if (!named(branch, name) || !known.test(branch.property(name))) {
                return false;
            }
        }
        return branch.fewestProperties <= branch.required.size() || enough(branch, known);
    }

    /** Whether there are as many properties as there must be; of those that nobody describes there may be any number. */
    private boolean enough(Branch branch, Predicate<List<JsonNode>> known) {
        long count = branch.propertyNames().stream()
                .filter(name -> named(branch, name) && known.test(branch.property(name)))
                .count();
        return count >= branch.fewestProperties
                || (branch.open()
                        && (known.test(branch.additional())
                                || branch.objects.stream()
                                        .flatMap(part -> part.patterned().stream())
                                        .anyMatch(each -> known.test(List.of(each.schema())))));
    }

    private boolean named(Branch branch, String name) {
        return validity.allows(branch.names, TextNode.valueOf(name));
    }
}
