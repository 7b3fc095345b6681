// SPDX-License-Identifier: Apache-2.0
package dev.puna.template.value;

import dev.puna.go.GoText;
import java.util.List;

/**
 * Walks through a format of Go's {@code Printf} and lays its arguments out. What is wrong with a format stands in the text, as in
 * {@code %!d(string=hi)}; nothing is thrown. Used once, by one thread.
 */
final class FormatReader {
    /** Go ignores widths and precisions beyond it. */
    private static final int LARGEST = 1_000_000;

    private final String format;
    private final List<Value> values;
    private final StringBuilder out;
    private final StructLayout layout;
    private final Printer printer;

    private int at;
    private int argument;
    private boolean reordered;
    private boolean goodIndex;
    private boolean afterIndex;

    FormatReader(String format, List<Value> values, StringBuilder out, StructLayout layout, Printer printer) {
        this.format = format;
        this.values = values;
        this.out = out;
        this.layout = layout;
        this.printer = printer;
    }

    void run() {
        while (at < format.length()) {
            goodIndex = true;
            afterIndex = false;
            var percent = format.indexOf('%', at);
            var end = percent < 0 ? format.length() : percent;
            layout.checkSize(end - at);
            out.append(format, at, end);
            at = end;
            if (at < format.length()) {
                at++;
                directive();
            }
        }
        extraArguments();
    }

    private void directive() {
        layout.clear();
        flags();
        if (at < format.length() && format.charAt(at) >= 'a' && format.charAt(at) <= 'z' && argument < values.size()) {
            verb(format.charAt(at++));
            return;
        }
        index();
        width();
        if (at + 1 < format.length() && format.charAt(at) == '.') {
            precision();
        }
        if (!afterIndex) {
            index();
        }
        if (at >= format.length()) {
            out.append("%!(NOVERB)");
            return;
        }
        var verb = GoText.rune(format, at);
        at += GoText.width(format, at);
        if (verb == '%') {
            out.append('%');
        } else if (!goodIndex) {
            complain(verb, "(BADINDEX)");
        } else if (argument >= values.size()) {
            complain(verb, "(MISSING)");
        } else {
            verb(verb);
        }
    }

    private void complain(int verb, String what) {
        out.append("%!");
        GoText.append(out, verb);
        out.append(what);
    }

    private void verb(int verb) {
        if (verb == 'v' || verb == 'w') {
            layout.sharpV = layout.sharp;
            layout.sharp = false;
            layout.plusV = layout.plus;
            layout.plus = false;
        }
        printer.argument(values.get(argument++), verb);
    }

    private void flags() {
        for (; at < format.length(); at++) {
            switch (format.charAt(at)) {
                case '#' -> layout.sharp = true;
                case '0' -> layout.zero = true;
                case '+' -> layout.plus = true;
                case '-' -> layout.minus = true;
                case ' ' -> layout.space = true;
                default -> {
                    return;
                }
            }
        }
    }

    private void width() {
        if (at < format.length() && format.charAt(at) == '*') {
            at++;
            var given = integerArgument();
            layout.hasWidth = given.known();
            layout.width = given.number();
            if (!given.known()) {
                out.append("%!(BADWIDTH)");
            }
            if (layout.width < 0) {
                layout.width = -layout.width;
                layout.minus = true;
                layout.zero = false;
            }
            afterIndex = false;
            return;
        }
        var given = number(format.length());
        layout.hasWidth = given.known();
        layout.width = given.number();
        if (afterIndex && given.known()) {
            goodIndex = false;
        }
    }

    private void precision() {
        at++;
        if (afterIndex) {
            goodIndex = false;
        }
        index();
        if (at < format.length() && format.charAt(at) == '*') {
            at++;
            var given = integerArgument();
            layout.hasPrecision = given.known() && given.number() >= 0;
            layout.precision = Math.max(given.number(), 0);
            if (!layout.hasPrecision) {
                out.append("%!(BADPREC)");
            }
            afterIndex = false;
            return;
        }
        layout.precision = number(format.length()).number();
        layout.hasPrecision = true;
    }

    private record Reading(int number, boolean known) {}

    /** Digits from here on; a number that is too large takes the rest of the format with it. */
    private Reading number(int end) {
        var number = 0;
        var known = false;
        for (; at < end && format.charAt(at) >= '0' && format.charAt(at) <= '9'; at++) {
            if (number > LARGEST) {
                at = end;
                return new Reading(0, false);
            }
            number = number * 10 + format.charAt(at) - '0';
            known = true;
        }
        return new Reading(number, known);
    }

    private Reading integerArgument() {
        if (argument >= values.size()) {
            return new Reading(0, false);
        }
        var value =
                switch (values.get(argument++).bare()) {
                    case Value.Int(var number) -> number;
                    case Value.Octet(var number) -> (long) number;
                    default -> Long.MAX_VALUE;
                };
        return Math.abs((double) value) > LARGEST ? new Reading(0, false) : new Reading((int) value, true);
    }

    /** An explicit index like {@code [2]}. */
    private void index() {
        afterIndex = false;
        if (at >= format.length() || format.charAt(at) != '[') {
            return;
        }
        reordered = true;
        var close = format.indexOf(']', at + 1);
        if (format.length() - at < 3 || close < 0) {
            at++;
            goodIndex = false;
            return;
        }
        at++;
        var given = number(close);
        var whole = given.known() && at == close;
        at = close + 1;
        afterIndex = whole;
        if (whole && given.number() >= 1 && given.number() <= values.size()) {
            argument = given.number() - 1;
        } else {
            goodIndex = false;
        }
    }

    private void extraArguments() {
        if (reordered || argument >= values.size()) {
            return;
        }
        layout.clear();
        out.append("%!(EXTRA ");
        for (var i = argument; i < values.size(); i++) {
            if (i > argument) {
                out.append(", ");
            }
            var value = values.get(i).bare();
            if (value.kind() == Kind.INVALID) {
                out.append("<nil>");
            } else {
                out.append(value.type().name()).append('=');
                printer.argument(value, 'v');
            }
        }
        out.append(')');
    }
}
