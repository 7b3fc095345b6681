// SPDX-License-Identifier: Apache-2.0
package dev.puna.modelfile;

import dev.puna.failure.InvalidRequest;
import java.util.regex.Pattern;

/** The version that a REQUIRES line names. Source: contract 3.1; the form is that of semver.org. */
public final class RequiredVersion {
    private static final Pattern FORM =
            Pattern.compile("v?\\d+(\\.\\d+(\\.\\d+(-[0-9A-Za-z.-]+)?(\\+[0-9A-Za-z.-]+)?)?)?");

    private RequiredVersion() {}

    /**
     * The version without the letter that may stand before it.
     *
     * @throws InvalidRequest if the text is no version
     */
    public static String of(String text) {
        if (!FORM.matcher(text).matches()) {
            throw new InvalidRequest("requires must be a valid semver (e.g. 0.14.0)");
        }
        return text.startsWith("v") ? text.substring(1) : text;
    }
}
