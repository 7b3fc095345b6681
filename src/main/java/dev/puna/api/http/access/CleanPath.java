// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.http.access;

import java.util.ArrayDeque;

/** The shortest path that means the same: no empty, {@code .} or {@code ..} parts. As Go's {@code http.ServeMux} has it. */
public final class CleanPath {
    private CleanPath() {}

    /** {@code path} cleaned; a slash at its end stays. */
    public static String of(String path) {
        if (!path.contains("//") && !path.contains("/.") && path.startsWith("/")) {
            return path;
        }
        var parts = new ArrayDeque<String>();
        for (var part : path.split("/", -1)) {
            switch (part) {
                case "", "." -> {}
                case ".." -> parts.pollLast();
                default -> parts.addLast(part);
            }
        }
        var clean = "/" + String.join("/", parts);
        return path.endsWith("/") && clean.length() > 1 ? clean + "/" : clean;
    }
}
