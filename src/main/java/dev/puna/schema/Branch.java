// SPDX-License-Identifier: Apache-2.0
package dev.puna.schema;

import com.fasterxml.jackson.databind.JsonNode;
import dev.puna.schema.pattern.Pattern;
import dev.puna.schema.pattern.Regex;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** All that must hold at once of a value in one way through a schema's alternatives. It is filled, then no longer changed. */
final class Branch {
    Set<JsonType> types = EnumSet.allOf(JsonType.class);
    /** Whether some schema named types; else they follow from the keywords. */
    boolean typed;

    final Set<JsonType> mentioned = EnumSet.noneOf(JsonType.class);

    /** The only values, or null for any. */
    @Nullable
    List<JsonNode> values;

    final List<JsonNode> excluded = new ArrayList<>();

    boolean whole;

    @Nullable
    BigDecimal least;

    boolean aboveLeast;

    @Nullable
    BigDecimal most;

    boolean belowMost;
    final List<BigDecimal> multiplesOf = new ArrayList<>();

    long shortest;
    long longest = Regex.UNBOUNDED;
    final List<StringCondition> conditions = new ArrayList<>();

    final List<ArrayPart> arrays = new ArrayList<>();
    boolean fewestGiven;
    long fewestItems;
    long mostItems = Regex.UNBOUNDED;
    boolean unique;

    final List<ObjectPart> objects = new ArrayList<>();
    final Set<String> required = new LinkedHashSet<>();
    final Set<String> forbidden = new LinkedHashSet<>();
    final List<JsonNode> names = new ArrayList<>();
    long fewestProperties;
    long mostProperties = Regex.UNBOUNDED;

    /**
     * A condition on a string.
     *
     * @param keyword where it comes from
     * @param words the user's
     */
    record StringCondition(String keyword, String words, JsonNode node, Pattern pattern) {}

    Branch copy() {
        var copy = new Branch();
        copy.types = EnumSet.copyOf(types);
        copy.typed = typed;
        copy.mentioned.addAll(mentioned);
        copy.values = values;
        copy.excluded.addAll(excluded);
        copy.whole = whole;
        copy.least = least;
        copy.aboveLeast = aboveLeast;
        copy.most = most;
        copy.belowMost = belowMost;
        copy.multiplesOf.addAll(multiplesOf);
        copy.shortest = shortest;
        copy.longest = longest;
        copy.conditions.addAll(conditions);
        copy.arrays.addAll(arrays);
        copy.fewestGiven = fewestGiven;
        copy.fewestItems = fewestItems;
        copy.mostItems = mostItems;
        copy.unique = unique;
        copy.objects.addAll(objects);
        copy.required.addAll(required);
        copy.forbidden.addAll(forbidden);
        copy.names.addAll(names);
        copy.fewestProperties = fewestProperties;
        copy.mostProperties = mostProperties;
        return copy;
    }

    /** The types that a value may be written with: those that were named, or those that the keywords speak of. */
    Set<JsonType> writtenTypes() {
        return typed || mentioned.isEmpty() ? types : mentioned;
    }

    void atLeast(BigDecimal bound, boolean above) {
        int order = least == null ? 1 : bound.compareTo(least);
        if (order >= 0) {
            aboveLeast = above || (order == 0 && aboveLeast);
            least = bound;
        }
    }

    void atMost(BigDecimal bound, boolean below) {
        int order = most == null ? -1 : bound.compareTo(most);
        if (order <= 0) {
            belowMost = below || (order == 0 && belowMost);
            most = bound;
        }
    }

    static long tighter(long most, long other) {
        return most < 0 ? other : other < 0 ? most : Math.min(most, other);
    }

    /** Whether properties that nobody describes may be written: a schema that describes some closes the object. */
    boolean open() {
        return objects.stream()
                        .anyMatch(part -> part.additional().isPresent()
                                || !part.patterned().isEmpty())
                || objects.stream().allMatch(part -> part.described().isEmpty());
    }

    /** The names that are described or required, in the order of the schema. */
    Set<String> propertyNames() {
        var all = new LinkedHashSet<String>();
        objects.forEach(part -> part.described().ifPresent(described -> all.addAll(described.keySet())));
        all.addAll(required);
        all.removeAll(forbidden);
        return all;
    }

    /** All schemas of a property. */
    List<JsonNode> property(String name) {
        return objects.stream().flatMap(part -> part.of(name).stream()).toList();
    }

    /** All schemas of properties that nobody describes and no pattern matches. */
    List<JsonNode> additional() {
        return objects.stream().flatMap(part -> part.additional().stream()).toList();
    }

    /** All schemas of an element. */
    List<JsonNode> item(int index) {
        return arrays.stream().flatMap(part -> part.at(index).stream()).toList();
    }

    int prefix() {
        return arrays.stream().mapToInt(part -> part.prefix().size()).max().orElse(0);
    }
}
