// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.json;

import dev.puna.failure.InvalidRequest;

/**
 * Where in a request a value stands, as Go's error texts tell it.
 *
 * @param struct name of the request's type in Go without its package
 * @param path names of the fields that lead here, joined by dots; empty at the top
 * @param room for what is made of the request
 */
record Place(String struct, String path, Room room) {
    Place field(String name) {
        return new Place(struct, path.isEmpty() ? name : path + "." + name, room);
    }

    /** The same place for what is read and forgotten at once. */
    Place unbounded() {
        return new Place(struct, path, Room.BOUNDLESS);
    }

    InvalidRequest mismatch(String found, String goType) {
        var where = path.isEmpty()
                ? "Go value of type " + goType
                : "Go struct field %s.%s of type %s".formatted(struct, path, goType);
        return new InvalidRequest("json: cannot unmarshal %s into %s".formatted(found, where));
    }
}
