// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.http;

import static java.util.Map.entry;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Which paths there are and which methods each takes, in the order in which {@code Allow} names them. A test holds this table
 * and the resources together. Source: contract 1.1.
 */
final class Routes {
    private static final List<String> READ = List.of("HEAD", "GET");
    private static final List<String> GET = List.of("GET");
    private static final List<String> POST = List.of("POST");
    private static final List<String> DELETE = List.of("DELETE");

    private static final Map<String, List<String>> FIXED = Map.ofEntries(
            entry("/", READ),
            entry("/api/version", READ),
            entry("/api/tags", READ),
            entry("/api/ps", GET),
            entry("/api/show", POST),
            entry("/api/create", POST),
            entry("/api/copy", POST),
            entry("/api/delete", DELETE),
            entry("/api/generate", POST),
            entry("/api/chat", POST),
            entry("/api/embed", POST),
            entry("/api/embeddings", POST));

    /** Paths that end in a name of the caller's. */
    private static final Map<String, List<String>> BY_PREFIX = Map.of("/api/blobs/", List.of("HEAD", "POST"));

    private Routes() {}

    /** What watches and describes this server: not part of Ollama's API, and routed by others. */
    static boolean isOperational(String path) {
        return path.equals("/q") || path.startsWith("/q/");
    }

    /** Whether what is sent there is not held in memory. */
    static boolean streamsBody(String path) {
        return BY_PREFIX.keySet().stream().anyMatch(path::startsWith);
    }

    /** The methods of a path, none if there is no such path. */
    static List<String> methods(String path) {
        var fixed = FIXED.get(path);
        if (fixed != null) {
            return fixed;
        }
        var name = path.lastIndexOf('/') + 1;
        return name == path.length() ? List.of() : BY_PREFIX.getOrDefault(path.substring(0, name), List.of());
    }

    /** Every path without a variable part, and those with one up to it. */
    static Map<String, List<String>> all() {
        var all = new TreeMap<>(FIXED);
        all.putAll(BY_PREFIX);
        return all;
    }
}
