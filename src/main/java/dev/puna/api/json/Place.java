// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.json;

import dev.puna.failure.InvalidRequest;

/**
 * Where in a request a value stands, as Go's error texts tell it.
 *
 * @param struct name of the request's type in Go without its package
 * @param path names of the fields that lead here, joined by dots; empty at the top
 */
record Place(String struct, String path) {
    Place field(String name) {
        return new Place(struct, path.isEmpty() ? name : path + "." + name);
    }

    InvalidRequest mismatch(String found, String goType) {
        var where = path.isEmpty()
                ? "Go value of type " + goType
                : "Go struct field %s.%s of type %s".formatted(struct, path, goType);
        return new InvalidRequest("json: cannot unmarshal %s into %s".formatted(found, where));
    }
}
