// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.http;

import java.util.List;

/**
 * What the edge has to know of one API to serve it. Each API is a bean of this type; the edge collects them. Any thread; the answers
 * never change.
 */
public interface HttpApi {

    /** Its paths. No two APIs share one. */
    List<Route> routes();

    /** Headers that web pages may send to it, as its clients spell them. */
    List<String> requestHeaders();

    /** Name of the header in which each of its answers tells the id of the request; empty if they have none. */
    default String requestIdHeader() {
        return "";
    }

    /** What its errors look like. */
    ErrorShape errors();
}
