// SPDX-License-Identifier: Apache-2.0
package dev.puna.template;

import dev.puna.template.value.GoPanic;
import dev.puna.template.value.Value;
import dev.puna.template.value.Value.Listing;
import dev.puna.template.value.Value.Mapping;
import dev.puna.template.value.Value.None;
import dev.puna.template.value.Value.Octet;
import dev.puna.template.value.Value.Text;
import java.util.List;

/** {@code len}, {@code index} and {@code slice}, with Go's messages for what cannot be. */
final class Elements {
    private Elements() {}

    static Value length(Value value) {
        var found = Indirection.of(value);
        if (found.nil()) {
            throw new GoPanic("len of nil pointer");
        }
        return switch (found.value()) {
            case Text(var bytes) -> Value.of(bytes.length());
            case Listing list -> Value.of(list.size());
            case Mapping map -> Value.of(map.entries().size());
            default -> throw new GoPanic("len of type " + found.value().type().name());
        };
    }

    /** The first value, indexed by those behind it one after another. */
    static Value index(List<Value> values) {
        var item = values.getFirst().bare();
        if (item instanceof None) {
            throw new GoPanic("index of untyped nil");
        }
        for (var index : values.subList(1, values.size())) {
            var found = Indirection.of(item);
            if (found.nil()) {
                throw new GoPanic("index of nil pointer");
            }
            item = element(found.value(), index.bare());
        }
        return item;
    }

    private static Value element(Value item, Value index) {
        return switch (item) {
            case Text(var bytes) -> new Octet(bytes.charAt(within(index, bytes.length(), "string")));
            case Listing list -> list.get(within(index, list.size(), "slice"));
            case Mapping map -> {
                if (index instanceof None) {
                    throw new GoPanic("value is nil; should be of type string");
                }
                if (!(index instanceof Text(var key))) {
                    throw new GoPanic("value has type " + index.type().name() + "; should be string");
                }
                var slot = map.get(key);
                yield slot == null ? map.type().held().zero() : slot;
            }
            default ->
                throw new GoPanic("can't index item of type " + item.type().name());
        };
    }

    private static int within(Value index, int length, String what) {
        var place = place(index, length);
        if (place == length) {
            throw new GoPanic("reflect: " + what + " index out of range");
        }
        return place;
    }

    /** An index, which may be as large as the capacity. */
    private static int place(Value index, int capacity) {
        var number =
                switch (index) {
                    case Value.Int(var value) -> value;
                    case Octet(var value) -> (long) value;
                    case None _ -> throw new GoPanic("cannot index slice/array with nil");
                    default ->
                        throw new GoPanic("cannot index slice/array with type "
                                + index.type().name());
                };
        if (number < 0 || number > capacity) {
            throw new GoPanic("index out of range: " + number);
        }
        return (int) number;
    }

    /** The part of the first value between those behind it. */
    static Value slice(List<Value> values) {
        var item = values.getFirst().bare();
        if (item instanceof None) {
            throw new GoPanic("slice of untyped nil");
        }
        var found = Indirection.of(item);
        if (found.nil()) {
            throw new GoPanic("slice of nil pointer");
        }
        var indexes = values.subList(1, values.size());
        if (indexes.size() > 3) {
            throw new GoPanic("too many slice indexes: " + indexes.size());
        }
        return switch (found.value()) {
            case Text(var bytes) -> {
                if (indexes.size() == 3) {
                    throw new GoPanic("cannot 3-index slice a string");
                }
                var places = places(indexes, bytes.length(), bytes.length());
                yield new Text(bytes.substring(places[0], places[1]));
            }
            case Listing list -> {
                var places = places(indexes, list.size(), list.capacity());
                var backing = list.backing();
                var from = list.from();
                yield new Listing(
                        list.type(),
                        indexes.size() == 3 ? backing.subList(0, from + places[2]) : backing,
                        from + places[0],
                        from + places[1],
                        list.absent());
            }
            default ->
                throw new GoPanic(
                        "can't slice item of type " + found.value().type().name());
        };
    }

    private static int[] places(List<Value> indexes, int length, int capacity) {
        var places = new int[] {0, length, capacity};
        for (var i = 0; i < indexes.size(); i++) {
            // Go does not look into interfaces here, so an index out of the data is refused.
            places[i] = place(indexes.get(i), capacity);
        }
        for (var i = 1; i < Math.max(indexes.size(), 2); i++) {
            if (places[i - 1] > places[i]) {
                throw new GoPanic("invalid slice index: " + places[i - 1] + " > " + places[i]);
            }
        }
        return places;
    }
}
