// SPDX-License-Identifier: Apache-2.0
package dev.puna.registry;

import dev.puna.failure.RegistryFailure;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The version of Ollama that a model wants, compared with the one that this program has. Source: addendum 2.
 *
 * @param have the version that is here
 */
record RequiredVersion(String have) {
    private static final Pattern VERSION = Pattern.compile("v?(\\d{1,6})\\.(\\d{1,6})(?:\\.(\\d{1,6}))?(?:[-+].*)?");

    /** Refuses a newer version; what is no version passes. */
    void check(String want) {
        var wanted = VERSION.matcher(want);
        var known = VERSION.matcher(have);
        if (wanted.matches() && known.matches() && Arrays.compare(numbers(wanted), numbers(known)) > 0) {
            throw new RegistryFailure("model requires ollama version v%s or newer (current version is v%s)"
                    .formatted(want.startsWith("v") ? want.substring(1) : want, have));
        }
    }

    private static int[] numbers(Matcher version) {
        var patch = version.group(3);
        return new int[] {
            Integer.parseInt(version.group(1)),
            Integer.parseInt(version.group(2)),
            patch == null ? 0 : Integer.parseInt(patch)
        };
    }
}
