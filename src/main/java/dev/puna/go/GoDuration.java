// SPDX-License-Identifier: Apache-2.0
package dev.puna.go;

import dev.puna.failure.InvalidRequest;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Durations as Go's {@code time} package writes and reads them ("1h30m", "250ms"), which the wire contract uses.
 *
 * <p>Nanosecond resolution; a value beyond a signed 64-bit count of nanoseconds is refused, as Go does.
 */
public final class GoDuration {

    private static final Map<String, Long> NANOS = Map.of(
            "ns", 1L,
            "us", 1_000L,
            "µs", 1_000L,
            "μs", 1_000L,
            "ms", 1_000_000L,
            "s", 1_000_000_000L,
            "m", 60_000_000_000L,
            "h", 3_600_000_000_000L);

    private static final BigDecimal MOST = BigDecimal.valueOf(Long.MAX_VALUE);
    private static final BigDecimal LEAST = BigDecimal.valueOf(Long.MIN_VALUE);
    /** Far more than any duration needs, and little enough to compute with. */
    private static final int LONGEST = 512;

    private static final Pattern NUMBER = Pattern.compile("(\\d+\\.?\\d*|\\.\\d+)([^\\d.]*)");

    private GoDuration() {}

    /** Reads a duration; the messages of failures are those of Go's {@code time.ParseDuration}. */
    public static Duration parse(String text) {
        var negative = text.startsWith("-");
        var rest = negative || text.startsWith("+") ? text.substring(1) : text;
        if (rest.equals("0")) {
            return Duration.ZERO;
        }
        if (rest.isEmpty() || rest.length() > LONGEST) {
            throw invalid("invalid", text);
        }
        var matcher = NUMBER.matcher(rest);
        var total = BigDecimal.ZERO;
        var end = 0;
        while (end < rest.length()) {
            if (!matcher.find(end) || matcher.start() != end) {
                throw invalid("invalid", text);
            }
            var unit = matcher.group(2);
            if (unit.isEmpty()) {
                throw invalid("missing unit in", text);
            }
            var nanos = NANOS.get(unit);
            if (nanos == null) {
                throw new InvalidRequest("time: unknown unit " + quoted(unit) + " in duration " + quoted(text));
            }
            var part = new BigDecimal(matcher.group(1)).multiply(BigDecimal.valueOf(nanos));
            total = total.add(part.setScale(0, RoundingMode.DOWN));
            end = matcher.end();
        }
        var nanos = negative ? total.negate() : total;
        if (nanos.compareTo(MOST) > 0 || nanos.compareTo(LEAST) < 0) {
            throw invalid("invalid", text);
        }
        return Duration.ofNanos(nanos.longValue());
    }

    /** Writes a duration as Go's {@code Duration.String} does: "1h2m3.5s", "340.25ms", "0s". */
    public static String format(Duration duration) {
        var nanos = duration.toNanos();
        if (nanos == 0) {
            return "0s";
        }
        var sign = nanos < 0 ? "-" : "";
        // The one number without a positive twin shows a nanosecond less.
        var size = nanos == Long.MIN_VALUE ? Long.MAX_VALUE : Math.abs(nanos);
        if (size < 1_000) {
            return sign + size + "ns";
        }
        if (size < 1_000_000) {
            return sign + decimal(size, 3) + "µs";
        }
        if (size < 1_000_000_000) {
            return sign + decimal(size, 6) + "ms";
        }
        var minutes = size / 60_000_000_000L;
        var seconds = decimal(size % 60_000_000_000L, 9) + "s";
        if (minutes == 0) {
            return sign + seconds;
        }
        return minutes < 60 ? sign + minutes + "m" + seconds : sign + minutes / 60 + "h" + minutes % 60 + "m" + seconds;
    }

    private static String decimal(long value, int digits) {
        return BigDecimal.valueOf(value, digits).stripTrailingZeros().toPlainString();
    }

    private static InvalidRequest invalid(String what, String text) {
        return new InvalidRequest("time: " + what + " duration " + quoted(text));
    }

    /** As Go's {@code time} package quotes: bytes that are no printable ASCII in hexadecimal. */
    private static String quoted(String text) {
        var quoted = new StringBuilder("\"");
        for (var signed : text.substring(0, Math.min(text.length(), LONGEST)).getBytes(StandardCharsets.UTF_8)) {
            var value = signed & 0xff;
            if (value == '"' || value == '\\') {
                quoted.append('\\').append((char) value);
            } else if (value < ' ' || value > '~') {
                quoted.append("\\x%02x".formatted(value));
            } else {
                quoted.append((char) value);
            }
        }
        return quoted.append('"').toString();
    }
}
