// SPDX-License-Identifier: Apache-2.0
package dev.puna.settings;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Whom this program may ask for models, and bring them to.
 *
 * @param allowed patterns of hosts, of which one must fit; empty for all hosts ({@code PUNA_REGISTRY_ALLOW})
 * @param denied patterns of hosts, of which none may fit ({@code PUNA_REGISTRY_DENY})
 * @param privateToo whether a registry may send on to addresses of private networks and of this machine
 *     ({@code PUNA_REGISTRY_PRIVATE})
 */
public record RegistryHosts(List<String> allowed, List<String> denied, boolean privateToo) {
    static final String ACCEPTED = "hosts with commas between, like registry.example, *.example or 127.0.0.1:5000";

    private static final Pattern HOST =
            Pattern.compile("(?:\\*|(?:\\*\\.)?[a-z0-9_][a-z0-9_.-]{0,252}|\\[[0-9a-f:.]{2,45}])(?::\\d{1,5})?");

    /** Copies the lists. */
    public RegistryHosts {
        allowed = List.copyOf(allowed);
        denied = List.copyOf(denied);
    }

    static List<String> parse(String text) {
        var hosts = Stream.of(text.split(","))
                .map(host -> host.strip().toLowerCase(Locale.ROOT))
                .filter(host -> !host.isEmpty())
                .toList();
        if (hosts.isEmpty()
                || !hosts.stream().allMatch(host -> HOST.matcher(host).matches())) {
            throw new IllegalArgumentException(text);
        }
        return hosts;
    }
}
