// SPDX-License-Identifier: Apache-2.0
package dev.puna.go;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;

/**
 * Times as Go writes them in JSON: RFC 3339 with as many digits of the second as there are, at most nine, and {@code Z} for
 * UTC.
 */
public final class GoTime {
    private static final int NANO_DIGITS = 9;

    private GoTime() {}

    /** In UTC, as creation times are written. */
    public static String utc(Instant time) {
        return format(time.atOffset(ZoneOffset.UTC));
    }

    /** With the offset the time has. */
    public static String format(OffsetDateTime time) {
        var text = new StringBuilder(35);
        append(text, time.getYear(), 4).append('-');
        append(text, time.getMonthValue(), 2).append('-');
        append(text, time.getDayOfMonth(), 2).append('T');
        append(text, time.getHour(), 2).append(':');
        append(text, time.getMinute(), 2).append(':');
        append(text, time.getSecond(), 2);
        if (time.getNano() > 0) {
            append(text.append('.'), time.getNano(), NANO_DIGITS);
            while (text.charAt(text.length() - 1) == '0') {
                text.setLength(text.length() - 1);
            }
        }
        return text.append(offset(time.getOffset())).toString();
    }

    private static String offset(ZoneOffset offset) {
        var minutes = offset.getTotalSeconds() / 60;
        if (minutes == 0) {
            return "Z";
        }
        var text = new StringBuilder(6).append(minutes < 0 ? '-' : '+');
        append(text, Math.abs(minutes) / 60, 2).append(':');
        return append(text, Math.abs(minutes) % 60, 2).toString();
    }

    private static StringBuilder append(StringBuilder text, int number, int digits) {
        var written = Integer.toString(number);
        return text.repeat('0', Math.max(0, digits - written.length())).append(written);
    }
}
