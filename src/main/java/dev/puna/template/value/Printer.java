// SPDX-License-Identifier: Apache-2.0
package dev.puna.template.value;

import dev.puna.go.GoFloat;
import dev.puna.go.GoText;
import dev.puna.template.value.Value.Bool;
import dev.puna.template.value.Value.Boxed;
import dev.puna.template.value.Value.Complex;
import dev.puna.template.value.Value.Int;
import dev.puna.template.value.Value.Listing;
import dev.puna.template.value.Value.Mapping;
import dev.puna.template.value.Value.None;
import dev.puna.template.value.Value.Octet;
import dev.puna.template.value.Value.Pointer;
import dev.puna.template.value.Value.Real;
import dev.puna.template.value.Value.Struct;
import dev.puna.template.value.Value.Text;
import java.util.List;

/**
 * Prints values as Go's {@code fmt} does: {@code Print}, {@code Println}, {@code Printf} with every verb and flag. Source: the
 * documentation of package fmt, checked against Go by the differential test. Used by one thread.
 */
public final class Printer {
    /** Where a value that has no address would print one. */
    private static final long ADDRESS = 0xc000010000L;

    private final StringBuilder out;
    private final StructLayout layout;
    private boolean erroring;

    /**
     * A printer.
     *
     * @param out where rows of bytes are appended
     * @param limit characters that {@code out} may hold; beyond it {@link TooMuchText} is thrown
     */
    public Printer(StringBuilder out, int limit) {
        this.out = out;
        this.layout = new StructLayout(out, limit);
    }

    /** Values side by side, with spaces between those of which neither is a string. */
    public void print(List<Value> values) {
        var afterString = true;
        for (var value : values) {
            var string = value.bare().kind() == Kind.STRING;
            if (!string && !afterString) {
                out.append(' ');
            }
            argument(value, 'v');
            afterString = string;
        }
    }

    /** Values with spaces between and a line end. */
    public void printLine(List<Value> values) {
        for (var i = 0; i < values.size(); i++) {
            if (i > 0) {
                out.append(' ');
            }
            argument(values.get(i), 'v');
        }
        out.append('\n');
    }

    /** Values as a format says. */
    public void printFormat(String format, List<Value> values) {
        new FormatReader(format, values, out, layout, this).run();
    }

    /** One value. */
    public void print(Value value) {
        layout.clear();
        argument(value, 'v');
    }

    /** One value by a verb without flags. */
    public static String text(Value value, char verb) {
        var out = new StringBuilder();
        new Printer(out, 1 << 20).argument(value, verb);
        return out.toString();
    }

    void argument(Value boxed, int verb) {
        var value = boxed.bare();
        if (value instanceof None) {
            if (verb == 'T' || verb == 'v') {
                layout.pad("<nil>");
            } else {
                badVerb(value, verb);
            }
        } else if (verb == 'T') {
            layout.string(value.type().name());
        } else if (verb == 'p') {
            address(value, verb);
        } else if (!byMethod(value, verb)) {
            value(value, verb, 0);
        }
    }

    private boolean byMethod(Value value, int verb) {
        var structured =
                switch (value.kind()) {
                    case SLICE, MAP, STRUCT, POINTER -> true;
                    case INVALID, BOOL, INT, UINT8, FLOAT, COMPLEX, STRING, INTERFACE -> false;
                };
        if (erroring || !structured) {
            return false;
        }
        if (verb == 'w') {
            badVerb(value, verb);
            return true;
        }
        var method = value.type().methods().get("String");
        if (method == null || layout.sharpV || "vsxXq".indexOf(verb) < 0) {
            return false;
        }
        string(value, method.apply(value), verb);
        return true;
    }

    private void value(Value value, int verb, int depth) {
        if (depth > 0 && byMethod(value.bare(), verb)) {
            return;
        }
        switch (value) {
            case None _ -> out.append("<nil>");
            case Boxed(var inner) -> {
                if (inner instanceof None) {
                    out.append(layout.sharpV ? "interface {}(nil)" : "<nil>");
                } else {
                    value(inner, verb, depth + 1);
                }
            }
            case Bool(var is) -> {
                if (verb == 't' || verb == 'v') {
                    layout.pad(is ? "true" : "false");
                } else {
                    badVerb(value, verb);
                }
            }
            case Int(var number) -> integer(value, number, verb);
            case Octet(var number) -> integer(value, number, verb);
            case Real(var number) -> real(value, number, verb);
            case Complex complex -> complex(complex, verb);
            case Text(var bytes) -> string(value, bytes, verb);
            case Listing list -> list(list, verb, depth);
            case Mapping map -> map(map, verb, depth);
            case Struct struct -> struct(struct, verb, depth);
            case Pointer pointer -> pointer(pointer, verb, depth);
        }
        layout.checkSize(0);
    }

    void badVerb(Value value, int verb) {
        erroring = true;
        out.append("%!");
        GoText.append(out, verb);
        out.append('(');
        if (value instanceof None) {
            out.append("<nil>");
        } else {
            out.append(value.type().name()).append('=');
            if (value.kind() == Kind.INTERFACE) {
                value(value, 'v', 0);
            } else {
                argument(value, 'v');
            }
        }
        out.append(')');
        erroring = false;
    }

    private void integer(Value value, long number, int verb) {
        var inRange = number >= 0 && number <= Character.MAX_CODE_POINT;
        switch (verb) {
            case 'v' -> {
                if (layout.sharpV && value instanceof Octet) {
                    hexWithPrefix(number, true);
                } else {
                    layout.integer(number, 10, 'v', false);
                }
            }
            case 'd' -> layout.integer(number, 10, 'd', false);
            case 'b' -> layout.integer(number, 2, 'b', false);
            case 'o', 'O' -> layout.integer(number, 8, (char) verb, false);
            case 'x' -> layout.integer(number, 16, 'x', false);
            case 'X' -> layout.integer(number, 16, 'X', true);
            case 'c' -> layout.character(number, inRange);
            case 'q' -> layout.quotedRune(number, inRange);
            case 'U' -> layout.unicode(number);
            default -> badVerb(value, verb);
        }
    }

    private void hexWithPrefix(long number, boolean prefix) {
        var before = layout.sharp;
        layout.sharp = prefix;
        layout.integer(number, 16, 'v', false);
        layout.sharp = before;
    }

    private void real(Value value, double number, int verb) {
        switch (verb) {
            case 'v' -> layout.real(number, 'g', GoFloat.SHORTEST);
            case 'b', 'g', 'G', 'x', 'X' -> layout.real(number, (char) verb, GoFloat.SHORTEST);
            case 'f', 'F' -> layout.real(number, 'f', 6);
            case 'e', 'E' -> layout.real(number, (char) verb, 6);
            default -> badVerb(value, verb);
        }
    }

    private void complex(Complex value, int verb) {
        if ("vbgGxXfFeE".indexOf(verb) < 0) {
            badVerb(value, verb);
            return;
        }
        var plus = layout.plus;
        out.append('(');
        real(value, value.real(), verb);
        layout.plus = true;
        real(value, value.imaginary(), verb);
        out.append("i)");
        layout.plus = plus;
    }

    private void string(Value value, String bytes, int verb) {
        switch (verb) {
            case 'v' -> {
                if (layout.sharpV) {
                    layout.quoted(bytes);
                } else {
                    layout.string(bytes);
                }
            }
            case 's' -> layout.string(bytes);
            case 'x' -> layout.hexString(bytes, false);
            case 'X' -> layout.hexString(bytes, true);
            case 'q' -> layout.quoted(bytes);
            default -> badVerb(value, verb);
        }
    }

    private void list(Listing list, int verb, int depth) {
        if (list.type().held().kind() == Kind.UINT8 && "sqxX".indexOf(verb) >= 0) {
            var bytes = new StringBuilder(list.size());
            for (var i = 0; i < list.size(); i++) {
                bytes.append(list.get(i) instanceof Octet(var number) ? (char) number : ' ');
            }
            string(list, bytes.toString(), verb);
            return;
        }
        if (layout.sharpV) {
            out.append(list.type().name());
            if (list.absent()) {
                out.append("(nil)");
                return;
            }
        }
        out.append(layout.sharpV ? '{' : '[');
        for (var i = 0; i < list.size(); i++) {
            separator(i);
            value(list.get(i), verb, depth + 1);
        }
        out.append(layout.sharpV ? '}' : ']');
    }

    private void separator(int index) {
        if (index > 0) {
            out.append(layout.sharpV ? ", " : " ");
        }
    }

    private void map(Mapping map, int verb, int depth) {
        if (layout.sharpV) {
            out.append(map.type().name());
            if (map.absent()) {
                out.append("(nil)");
                return;
            }
        }
        out.append(layout.sharpV ? "{" : "map[");
        var index = 0;
        for (var key : map.entries().keySet()) {
            separator(index++);
            value(new Text(key), verb, depth + 1);
            out.append(':');
            var slot = map.get(key);
            value(slot == null ? Boxed.NIL : slot, verb, depth + 1);
        }
        out.append(layout.sharpV ? '}' : ']');
    }

    private void struct(Struct struct, int verb, int depth) {
        if (layout.sharpV) {
            out.append(struct.type().name());
        }
        out.append('{');
        for (var i = 0; i < struct.values().size(); i++) {
            separator(i);
            if (layout.plusV || layout.sharpV) {
                out.append(struct.type().fields().get(i).name()).append(':');
            }
            var slot = struct.get(i);
            value(slot instanceof Boxed(var inner) && !(inner instanceof None) ? inner : slot, verb, depth + 1);
        }
        out.append('}');
    }

    private void pointer(Pointer pointer, int verb, int depth) {
        var target = pointer.target();
        if (depth == 0 && target != null) {
            var pointed = target.kind();
            if (pointed == Kind.SLICE || pointed == Kind.MAP || pointed == Kind.STRUCT) {
                out.append('&');
                value(target, verb, depth + 1);
                return;
            }
        }
        address(pointer, verb);
    }

    private void address(Value value, int verb) {
        var nil = value instanceof Pointer pointer
                ? pointer.target() == null
                : value instanceof Listing list ? list.absent() : value instanceof Mapping map && map.absent();
        var number = nil ? 0 : ADDRESS;
        var addressed = value.kind() == Kind.POINTER || value.kind() == Kind.SLICE || value.kind() == Kind.MAP;
        if (!addressed) {
            badVerb(value, verb);
        } else if (verb == 'v' && nil && !layout.sharpV) {
            layout.pad("<nil>");
        } else if (verb == 'v' && layout.sharpV) {
            out.append('(').append(value.type().name()).append(")(");
            if (nil) {
                out.append("nil");
            } else {
                hexWithPrefix(number, true);
            }
            out.append(')');
        } else if (verb == 'v' || verb == 'p') {
            hexWithPrefix(number, !layout.sharp);
        } else if ("bodxX".indexOf(verb) >= 0) {
            integer(Value.of(number), number, verb);
        } else {
            badVerb(value, verb);
        }
    }
}
