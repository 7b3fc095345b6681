// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.openai.responses.request;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * The items of an input that are to become one. Source: addendum 4.2.
 *
 * @param lines what a model is told of each item, in order
 * @param groups the group of each item by its id: items that stay or go together
 * @param items each item as JSON, in order
 * @param places the group of each item, in order
 * @param open groups that stay in any case: those of calls without results
 */
public record CompactableInput(
        List<String> lines, Map<String, Integer> groups, List<String> items, List<Integer> places, Set<Integer> open) {
    public CompactableInput {
        lines = List.copyOf(lines);
        groups = Map.copyOf(groups);
        items = List.copyOf(items);
        places = List.copyOf(places);
        open = Set.copyOf(open);
    }

    /** Whether there are items of all these ids. */
    public boolean has(Collection<String> ids) {
        return groups.keySet().containsAll(ids);
    }

    /** The items that stay, as JSON, in order, if those of these ids are to. */
    public List<String> retained(Collection<String> ids) {
        var kept = new HashSet<>(open);
        ids.forEach(id -> kept.add(groups.getOrDefault(id, 0)));
        return IntStream.range(0, items.size())
                .filter(i -> kept.contains(places.get(i)))
                .mapToObj(items::get)
                .toList();
    }
}
