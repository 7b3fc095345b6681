// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.http;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * One path of an API.
 *
 * @param path all of it, or up to the name of the caller's that it ends in
 * @param methods that it takes, in the order in which {@code Allow} names them
 * @param named whether a name of the caller's, without slashes, follows
 * @param streamsBody whether what is sent there is not held in memory
 * @param logged whether its bodies are kept where requests are logged
 */
public record Route(String path, List<String> methods, boolean named, boolean streamsBody, boolean logged) {
    public Route {
        requireNonNull(path, "path is null");
        methods = List.copyOf(methods);
    }

    /** A path without a variable part. */
    public static Route of(String path, String... methods) {
        return new Route(path, List.of(methods), false, false, false);
    }

    /** A path before a name of the caller's, to which goes what is not held in memory. */
    public static Route ofStreams(String path, String... methods) {
        return new Route(path, List.of(methods), true, true, false);
    }

    /** The same, its bodies kept where requests are logged. */
    public Route withLog() {
        return new Route(path, methods, named, streamsBody, true);
    }
}
