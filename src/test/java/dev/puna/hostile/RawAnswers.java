// SPDX-License-Identifier: Apache-2.0
package dev.puna.hostile;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** The answers on one connection, taken apart byte for byte. */
final class RawAnswers {
    private static final Pattern STATUS_LINE = Pattern.compile("HTTP/\\d\\.\\d (\\d{3})( [ -~]*)?");

    private final byte[] bytes;
    private int at;

    private RawAnswers(byte[] bytes) {
        this.bytes = bytes;
    }

    /**
     * One of them.
     *
     * @param type of the body; empty if it does not say
     * @param whole whether all of the body came
     */
    record Answer(int status, String type, String body, boolean whole) {}

    /**
     * All of them; an interim one is none.
     *
     * @param head whether they have no bodies, whatever length they tell
     * @throws AssertionError if they are no answers of HTTP/1
     */
    static List<Answer> of(byte[] bytes, boolean head) {
        var answers = new ArrayList<Answer>();
        var rest = new RawAnswers(bytes);
        while (rest.at < bytes.length) {
            var answer = rest.next(head);
            if (answer.status() >= 200) {
                answers.add(answer);
            }
        }
        return answers;
    }

    private Answer next(boolean head) {
        var line = line();
        var matcher = STATUS_LINE.matcher(line);
        if (!matcher.matches()) {
            throw new AssertionError("no status line: " + line);
        }
        var status = Integer.parseInt(matcher.group(1));
        var length = -1;
        var chunked = false;
        var type = "";
        for (var header = line(); !header.isEmpty(); header = line()) {
            var colon = header.indexOf(':');
            if (colon < 1) {
                throw new AssertionError("no header: " + header);
            }
            var value = header.substring(colon + 1).strip();
            switch (header.substring(0, colon).toLowerCase(Locale.ROOT)) {
                case "content-length" -> length = Integer.parseInt(value);
                case "transfer-encoding" -> chunked = value.equals("chunked");
                case "content-type" -> type = value;
                default -> {
                    // The others do not say where an answer ends.
                }
            }
        }
        if (head || status < 200 || status == 204 || status == 304) {
            return new Answer(status, type, "", true);
        }
        if (chunked) {
            return chunks(status, type);
        }
        var end = length < 0 ? bytes.length : Math.min(bytes.length, at + length);
        var body = new String(bytes, at, end - at, ISO_8859_1);
        at = end;
        return new Answer(status, type, body, length < 0 || body.length() == length);
    }

    private Answer chunks(int status, String type) {
        var body = new ByteArrayOutputStream();
        while (at < bytes.length) {
            var size = Integer.parseInt(line(), 16);
            var there = Math.min(size, bytes.length - at);
            body.write(bytes, at, there);
            at += there;
            if (there < size) {
                break;
            }
            line();
            if (size == 0) {
                return new Answer(status, type, body.toString(ISO_8859_1), true);
            }
        }
        return new Answer(status, type, body.toString(ISO_8859_1), false);
    }

    /** To the next line end, or to the end of what came. */
    private String line() {
        var start = at;
        while (at < bytes.length && bytes[at] != '\n') {
            at++;
        }
        var line = new String(bytes, start, at - start, ISO_8859_1);
        at = Math.min(bytes.length, at + 1);
        return line.endsWith("\r") ? line.substring(0, line.length() - 1) : line;
    }
}
