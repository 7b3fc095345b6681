// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.http;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * One path of an API.
 *
 * @param path all of it, or up to the name of the caller's that it ends in
 * @param methods that it takes, in the order in which {@code Allow} names them
 * @param name what kind of name of the caller's follows
 * @param streamsBody whether what is sent there is not held in memory
 * @param logged whether its bodies are kept where requests are logged
 */
public record Route(String path, List<String> methods, Name name, boolean streamsBody, boolean logged) {
    /** What may follow a path. */
    public enum Name {
        /** Nothing: the path is whole. */
        NONE,
        /** A name without slashes. */
        SEGMENT,
        /** A name that may have slashes. */
        PATH
    }

    public Route {
        requireNonNull(path, "path is null");
        methods = List.copyOf(methods);
        requireNonNull(name, "name is null");
    }

    /** A path without a variable part. */
    public static Route of(String path, String... methods) {
        return new Route(path, List.of(methods), Name.NONE, false, false);
    }

    /** A path before a name of the caller's, which may have slashes. */
    public static Route ofNames(String path, String... methods) {
        return new Route(path, List.of(methods), Name.PATH, false, false);
    }

    /** A path before a name of the caller's, to which goes what is not held in memory. */
    public static Route ofStreams(String path, String... methods) {
        return new Route(path, List.of(methods), Name.SEGMENT, true, false);
    }

    /** The same, its bodies kept where requests are logged. */
    public Route withLog() {
        return new Route(path, methods, name, streamsBody, true);
    }
}
