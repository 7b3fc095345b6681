// SPDX-License-Identifier: Apache-2.0
package dev.puna.cli.text;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

/** Sizes and moments as people say them. */
public final class Quantity {
    private static final String[] UNITS = {"B", "KB", "MB", "GB", "TB"};
    private static final int HOURS_A_DAY = 24;
    private static final int DAYS_A_YEAR = 365;
    private static final int FOREVER_YEARS = 20;

    private Quantity() {}

    /** Decimal units, one digit behind the point below ten: "253 MB", "4.7 GB". */
    public static String bytes(long bytes) {
        var unit = 0;
        var value = (double) bytes;
        while (value >= 1000 && unit < UNITS.length - 1) {
            value /= 1000;
            unit++;
        }
        var whole = unit == 0 || value >= 10 || value == Math.rint(value);
        // Cut, not rounded, beyond ten: so the recordings have it.
        var text = whole ? Long.toString((long) value) : String.format(Locale.ROOT, "%.1f", value);
        return text + " " + UNITS[unit];
    }

    /** "3 days ago", "4 minutes from now"; "Forever" when it is more than twenty years ahead. */
    public static String moment(Instant moment, Instant now) {
        var passed = Duration.between(moment, now);
        if (passed.toHours() / HOURS_A_DAY / DAYS_A_YEAR < -FOREVER_YEARS) {
            return "Forever";
        }
        return passed.isNegative() ? span(passed.negated()) + " from now" : span(passed) + " ago";
    }

    /** A length of time: "42 seconds", "4 minutes". */
    public static String span(Duration span) {
        var seconds = span.toSeconds();
        if (seconds < 60) {
            return seconds < 1 ? "Less than a second" : seconds == 1 ? "1 second" : seconds + " seconds";
        }
        var minutes = span.toMinutes();
        if (minutes < 60) {
            return minutes == 1 ? "About a minute" : minutes + " minutes";
        }
        var hours = Math.round(span.toMillis() / 3_600_000.0);
        if (hours < 48) {
            return hours == 1 ? "About an hour" : hours + " hours";
        }
        var days = hours / HOURS_A_DAY;
        if (hours < HOURS_A_DAY * 7 * 2) {
            return days + " days";
        }
        if (hours < HOURS_A_DAY * 30 * 2) {
            return days / 7 + " weeks";
        }
        if (hours < HOURS_A_DAY * DAYS_A_YEAR * 2) {
            return days / 30 + " months";
        }
        return days / DAYS_A_YEAR + " years";
    }
}
