// SPDX-License-Identifier: Apache-2.0
package dev.puna.registry.access;

import static java.util.Objects.requireNonNull;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What a registry asks of who wants something: the value of {@code WWW-Authenticate}. Source: RFC 9110, section 11.6.1.
 *
 * @param scheme in small letters, such as {@code bearer}
 * @param parameters by their names in small letters
 */
record Challenge(String scheme, Map<String, String> parameters) {
    private static final int LONGEST = 8_192;

    Challenge {
        requireNonNull(scheme, "scheme is null");
        parameters = Map.copyOf(parameters);
    }

    static Challenge parse(String header) {
        var text = header.substring(0, Math.min(header.length(), LONGEST)).strip();
        var space = text.indexOf(' ');
        var scheme = space < 0 ? text : text.substring(0, space);
        var parameters = new ChallengeParameters(space < 0 ? "" : text.substring(space)).read();
        return new Challenge(scheme.toLowerCase(Locale.ROOT), parameters);
    }

    String parameter(String name) {
        return parameters.getOrDefault(name, "");
    }

    /** What the token is to be good for, each by itself. */
    List<String> scopes() {
        return Arrays.stream(parameter("scope").split(" "))
                .filter(scope -> !scope.isEmpty())
                .toList();
    }
}
