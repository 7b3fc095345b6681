// SPDX-License-Identifier: Apache-2.0
package dev.puna.schema.pattern;

import java.util.Map;
import java.util.Optional;

/** The values of {@code format} that a grammar holds, as llama.cpp's converter does; all others only describe. */
public final class Formats {
    /** Years whose number four divides, and of those at the end of a century every fourth. */
    private static final String LEAP_YEAR = "([0-9]{2}(0[48]|[2468][048]|[13579][26])|([02468][048]|[13579][26])00)";

    private static final String DATE =
            "([0-9]{4}-((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)"
                    + "|02-(0[1-9]|1[0-9]|2[0-8]))|" + LEAP_YEAR + "-02-29)";
    private static final String TIME =
            "([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\\.[0-9]{1,9})?(Z|[+-]([01][0-9]|2[0-3]):[0-5][0-9])";
    private static final Pattern UUID =
            parsed("[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}");

    private static final Map<String, Pattern> KNOWN = Map.of(
            "date", parsed(DATE),
            "time", parsed(TIME),
            "date-time", parsed(DATE + "T" + TIME),
            "uuid", UUID,
            "uuid1", UUID,
            "uuid2", UUID,
            "uuid3", UUID,
            "uuid4", UUID,
            "uuid5", UUID);

    private Formats() {}

    public static Optional<Pattern> of(String format) {
        return Optional.ofNullable(KNOWN.get(format));
    }

    private static Pattern parsed(String expression) {
        try {
            return Pattern.parse("^" + expression + "$");
        } catch (PatternSyntax impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
