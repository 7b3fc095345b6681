// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.http.access;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Which web pages may call: those of this machine and of desktop applications, and those that the settings name. Source:
 * contract 9.1.
 */
public final class OriginRules {
    private static final List<String> ALWAYS = Stream.concat(
                    Stream.of("localhost", "127.0.0.1", "0.0.0.0")
                            .flatMap(host -> Stream.of("http://" + host, "https://" + host))
                            .flatMap(origin -> Stream.of(origin, origin + ":*")),
                    Stream.of("app://*", "file://*", "tauri://*", "vscode-webview://*", "vscode-file://*"))
            .toList();

    private final List<String> patterns;
    private final boolean everyone;

    /** Besides those that always may, the pages whose origins match one of {@code more}, each with at most one star. */
    public OriginRules(List<String> more) {
        everyone = more.contains("*");
        patterns = Stream.concat(more.stream(), ALWAYS.stream())
                .map(pattern -> pattern.strip().toLowerCase(Locale.ROOT))
                .filter(pattern -> !pattern.isEmpty())
                .toList();
    }

    /** Whether every page may call; then answers do not depend on the origin. */
    public boolean everyone() {
        return everyone;
    }

    /** Whether a page of that origin may call. */
    public boolean allows(String origin) {
        return everyone || patterns.stream().anyMatch(pattern -> matches(pattern, origin));
    }

    private static boolean matches(String pattern, String origin) {
        var star = pattern.indexOf('*');
        if (star < 0) {
            return pattern.equals(origin);
        }
        var before = pattern.substring(0, star);
        var after = pattern.substring(star + 1);
        return origin.length() >= before.length() + after.length()
                && origin.startsWith(before)
                && origin.endsWith(after);
    }
}
